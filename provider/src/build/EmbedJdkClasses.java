import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Compiles classes that belong into packages of java.base, and turns each into a Java source that
 * holds its bytes.
 *
 * <p>A resource of the jar would not do: on JDK 17, to look one up while the default file system is
 * being set up breaks that file system for good.
 *
 * <pre>
 * java EmbedJdkClasses.java SOURCES STUBS CLASSES GENERATED PACKAGE=CLASS,CLASS...
 * </pre>
 *
 * SOURCES holds what is compiled to CLASSES; STUBS, which may be missing, holds what it is compiled
 * against where the JDK's own class would be refused; GENERATED gets {@code PACKAGE.SimpleNameBytes}
 * for each CLASS.
 */
final class EmbedJdkClasses {
  /** A string constant holds 65535 bytes at most. */
  private static final int LONGEST_CONSTANT = 65_535;

  private static final int BYTES_A_LINE = 20;

  private EmbedJdkClasses() {}

  public static void main(String... args) throws IOException {
    if (args.length < 5) {
      throw new IllegalArgumentException(
          "usage: EmbedJdkClasses SOURCES STUBS CLASSES GENERATED PACKAGE=CLASS,CLASS...");
    }
    Path sources = Path.of(args[0]);
    Path stubs = Path.of(args[1]);
    Path classes = Path.of(args[2]);
    Path generated = Path.of(args[3]);
    Path stubClasses = classes.resolveSibling(classes.getFileName() + "-stubs");
    Files.createDirectories(stubClasses);
    if (Files.isDirectory(stubs)) {
      compile(stubs, stubClasses, stubClasses);
    }
    compile(sources, stubClasses, classes);
    Map<Path, String> texts = new TreeMap<>();
    for (String mapping : List.of(args).subList(4, args.length)) {
      String[] packageAndClasses = mapping.split("=", 2);
      for (String name : packageAndClasses[1].split(",", -1)) {
        String simpleName = name.substring(name.lastIndexOf('.') + 1) + "Bytes";
        byte[] bytes = Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class"));
        texts.put(
            generated
                .resolve(packageAndClasses[0].replace('.', '/'))
                .resolve(simpleName + ".java"),
            source(packageAndClasses[0], simpleName, name, bytes));
      }
    }
    for (Map.Entry<Path, String> text : texts.entrySet()) {
      writeIfChanged(text.getKey(), text.getValue());
    }
  }

  private static void compile(Path sources, Path patch, Path output) throws IOException {
    Files.createDirectories(output);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                // Not --release, which shows only the exported packages.
                "-source",
                "17",
                "-target",
                "17",
                "-encoding",
                "UTF-8",
                "-g:source,lines",
                // -options: of the class path that -source 17 asks for, there is none to set.
                "-Xlint:all,-options",
                "-Werror",
                // Else javac 17 warns of every internal class, which -Xlint cannot prevent.
                "-XDignore.symbol.file",
                "-proc:none",
                "-implicit:none",
                "--patch-module",
                // The sources too, which would else belong to no module.
                "java.base=" + sources + File.pathSeparator + patch,
                "-d",
                output.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".java"))
          .sorted()
          .forEach(arguments::add);
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, System.out, System.err, arguments.toArray(String[]::new));
    if (status != 0) {
      throw new IllegalStateException("javac failed: " + String.join(" ", arguments));
    }
  }

  /** One character a byte: java.util.Base64 would be three more classes to load at start-up. */
  private static String source(String packageName, String simpleName, String name, byte[] bytes) {
    StringBuilder constant = new StringBuilder();
    int size = 0;
    for (int i = 0; i < bytes.length; i++) {
      int value = Byte.toUnsignedInt(bytes[i]);
      // As the class file of the constant will hold it.
      size += value == 0 || value > 0x7F ? 2 : 1;
      if (i % BYTES_A_LINE == 0) {
        constant.append(i == 0 ? "\"" : "\"\n          + \"");
      }
      constant.append('\\').append(Integer.toOctalString(01000 + value), 1, 4);
    }
    if (size > LONGEST_CONSTANT) {
      throw new IllegalStateException(name + " is too large for a string constant");
    }
    return """
        package %s;

        /** The class file of {@code %s}. */
        final class %s {
          private static final String BYTES =
              %s";

          private %3$s() {}

          @SuppressWarnings("deprecation") // the lower half of each character is what is wanted
          static byte[] get() {
            byte[] bytes = new byte[BYTES.length()];
            BYTES.getBytes(0, bytes.length, bytes, 0);
            return bytes;
          }
        }
        """
        .formatted(packageName, name, simpleName, constant);
  }

  /** An unchanged source is not compiled again. */
  private static void writeIfChanged(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
