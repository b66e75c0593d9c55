import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Packs the classes that the agent defines for the boot loader, each class file behind its length,
 * superclasses first: those that a program may name and that the JDK asks, and the rest.
 *
 * <pre>
 * java WriteImage.java CLASSES FIRST REST
 * </pre>
 */
final class WriteImage {
  private static final String OURS = "dev/copyoffload/";

  /** What lets the others in. */
  private static final String ADMISSION = "java/lang/OffloadExports";

  /** Each of the others that a program may name needs {@code Completion} before it does anything. */
  private static final List<String> FIRST =
      List.of(
          ADMISSION,
          "sun/nio/fs/CopyHook",
          "sun/nio/ch/TransferHook",
          "java/io/OffloadLoop",
          OURS + "linux/Completion",
          OURS + "linux/Capability",
          OURS + "provider/AskedByJdk",
          OURS + "channel/OfferingHook",
          OURS + "CopyOffload",
          OURS + "CopyProgress",
          OURS + "CopyProgress$Listener",
          OURS + "OffloadCopyOption",
          OURS + "OffloadFileSystemProvider",
          OURS + "provider/OffloadSchemeProvider",
          OURS + "tree/TreeCopyOption",
          OURS + "tree/TreeCopyException",
          OURS + "observe/CopyStatistics",
          OURS + "observe/CopyOffloadMXBean");

  private WriteImage() {}

  public static void main(String... args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: WriteImage CLASSES FIRST REST");
    }
    Path classes = Path.of(args[0]);
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.sorted().toList()) {
        String name = classes.relativize(file).toString().replace(".class", "");
        if (file.toString().endsWith(".class") && isWanted(name)) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : FIRST) {
      if (!files.containsKey(name)) {
        throw new IllegalStateException(name + " is not there");
      }
      addBehindItsSupertypes(name, files, ordered);
    }
    Files.write(Path.of(args[1]), image(List.copyOf(ordered), files));
    int first = ordered.size();
    for (String name : files.keySet()) {
      addBehindItsSupertypes(name, files, ordered);
    }
    List<String> all = List.copyOf(ordered);
    Files.write(Path.of(args[2]), image(all.subList(first, all.size()), files));
  }

  private static byte[] image(List<String> names, Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(image);
    for (String name : names) {
      byte[] file = files.get(name);
      out.writeInt(file.length);
      out.write(file);
    }
    return image.toByteArray();
  }

  private static boolean isWanted(String name) {
    if (name.startsWith("java/") || name.startsWith("sun/")) {
      // The others are defined from their bytes: before the rest, hidden, or not by the agent.
      return name.equals(ADMISSION)
          || name.endsWith("/CopyHook")
          || name.endsWith("/TransferHook")
          || name.endsWith("/OffloadLoop")
          || name.endsWith("/OffloadChannels");
    }
    return !name.startsWith("dev/copyoffload/agent/")
        && !name.endsWith("package-info")
        // Another class loader's, with JNA.
        && !name.contains("/JnaKernel");
  }

  private static void addBehindItsSupertypes(
      String name, Map<String, byte[]> files, Set<String> ordered) throws IOException {
    for (String supertype : supertypes(files.get(name))) {
      if (files.containsKey(supertype) && !ordered.contains(supertype)) {
        addBehindItsSupertypes(supertype, files, ordered);
      }
    }
    ordered.add(name);
  }

  /** See chapter 4 of the JVM specification. */
  private static List<String> supertypes(byte[] classFile) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(classFile));
    in.skipBytes(8);
    int count = in.readUnsignedShort();
    String[] texts = new String[count];
    int[] names = new int[count];
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1 -> texts[i] = in.readUTF();
        case 7 -> names[i] = in.readUnsignedShort();
        case 8, 16, 19, 20 -> in.skipBytes(2);
        case 15 -> in.skipBytes(3);
        case 5, 6 -> {
          in.skipBytes(8);
          i++;
        }
        default -> in.skipBytes(4);
      }
    }
    in.skipBytes(4);
    List<String> found = new ArrayList<>();
    int superclass = in.readUnsignedShort();
    found.add(texts[names[superclass]]);
    int interfaces = in.readUnsignedShort();
    for (int i = 0; i < interfaces; i++) {
      found.add(texts[names[in.readUnsignedShort()]]);
    }
    return found;
  }
}
