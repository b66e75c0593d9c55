import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.IOUtils;

/**
 * Copies a directory by a library.
 *
 * <pre>
 * java Libraries kotlin|guava|commons-io SOURCE TARGET
 * </pre>
 */
final class Libraries {
  private Libraries() {}

  public static void main(String... args) throws IOException {
    File source = new File(args[1]);
    File target = new File(args[2]);
    if (args[0].equals("kotlin")) {
      kotlin.io.FilesKt.copyRecursively(
          source,
          target,
          false,
          (file, e) -> {
            throw new IllegalStateException(e);
          });
      return;
    }
    try (Stream<Path> walk = Files.walk(source.toPath())) {
      for (Path file : walk.toList()) {
        Path copy = target.toPath().resolve(source.toPath().relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (args[0].equals("guava")) {
          com.google.common.io.Files.copy(file.toFile(), copy.toFile());
        } else {
          try (FileInputStream in = new FileInputStream(file.toFile());
              FileOutputStream out = new FileOutputStream(copy.toFile())) {
            IOUtils.copy(in, out);
          }
        }
      }
    }
  }
}
