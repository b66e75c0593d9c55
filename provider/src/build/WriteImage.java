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
 * Packs the classes that the agent defines for the boot loader: each class file behind its length,
 * superclasses first.
 *
 * <pre>
 * java WriteImage.java CLASSES IMAGE
 * </pre>
 */
final class WriteImage {
  /** What lets the others in. */
  private static final String FIRST = "java/lang/OffloadExports";

  private WriteImage() {}

  public static void main(String... args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: WriteImage CLASSES IMAGE");
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
    ordered.add(FIRST);
    for (String name : files.keySet()) {
      addBehindItsSupertypes(name, files, ordered);
    }
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(image);
    for (String name : ordered) {
      byte[] file = files.get(name);
      out.writeInt(file.length);
      out.write(file);
    }
    Files.write(Path.of(args[1]), image.toByteArray());
  }

  private static boolean isWanted(String name) {
    if (name.startsWith("java/") || name.startsWith("sun/")) {
      // The others are defined from their bytes: before the rest, hidden, or not by the agent.
      return name.equals(FIRST)
          || name.endsWith("/CopyHook")
          || name.endsWith("/TransferHook")
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
