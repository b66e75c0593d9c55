package dev.copyoffload.examples.benchmarks;

/** What is timed: the call as tables name it, and the method that makes it. */
enum Call {
  COPY("Files.copy", "CopyCalls.copy"),
  COPY_ATTRIBUTES("Files.copy COPY_ATTRIBUTES", "CopyCalls.copyAttributes"),
  COPY_REPLACING("Files.copy REPLACE_EXISTING", "CopyCalls.copyReplacing"),
  MOVE("Files.move", "CopyCalls.move"),
  TRANSFER_TO("FileChannel.transferTo", "CopyCalls.transferTo"),
  TRANSFER_FROM("FileChannel.transferFrom", "CopyCalls.transferFrom"),
  STREAM("InputStream.transferTo", "CopyCalls.streamTransferTo"),
  FROM_STREAM("Files.copy(InputStream, Path)", "CopyCalls.copyFromStream"),
  TO_STREAM("Files.copy(Path, OutputStream)", "CopyCalls.copyToStream"),
  TREE("copyTree", "TreeCalls.copyTree", "TreeCalls.walkAndCopy", "TreeCalls.cp"),
  TREE_ATTRIBUTES(
      "copyTree COPY_ATTRIBUTES",
      "TreeCalls.copyTreeAttributes",
      "TreeCalls.walkAndCopyAttributes",
      "TreeCalls.cpAttributes"),
  TREE_WALK("walkFileTree and Files.copy", "TreeCalls.walkAndCopy"),
  EXISTS("Files.exists", "MetadataCalls.existsPresent"),
  EXISTS_MISSING("Files.exists, missing", "MetadataCalls.existsMissing"),
  READ_ATTRIBUTES("Files.readAttributes", "MetadataCalls.readAttributes"),
  READ_ALL("Files.readAllBytes", "MetadataCalls.readAllBytes"),
  OPEN_CLOSE("FileChannel.open and close", "MetadataCalls.openAndClose"),
  WALK("Files.walkFileTree", "MetadataCalls.walk");

  private final String label;
  private final String method;
  private final String stockMethod;
  private final String cpMethod;

  Call(String label, String method) {
    this(label, method, method, "CopyCalls.cp");
  }

  Call(String label, String method, String stockMethod, String cpMethod) {
    this.label = label;
    this.method = method;
    this.stockMethod = stockMethod;
    this.cpMethod = cpMethod;
  }

  String label() {
    return label;
  }

  /** The method, as class and name, that is timed for a variant. */
  String method(Variant variant) {
    return switch (variant) {
      case STOCK -> stockMethod;
      case FLOOR -> "Floor.floor";
      case CP -> cpMethod;
      default -> method;
    };
  }
}
