package dev.copyoffload.copy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a path as the kernel wants them. */
public final class RawPath {
  /**
   * Whether the kernel resolves a relative path as the JDK means it. The JDK hands relative bytes
   * to the kernel too, so that a directory renamed meanwhile is still the same directory.
   */
  private static final boolean RELATIVE_TO_CWD = isDefaultDirectoryCwd();

  private static boolean isDefaultDirectoryCwd() {
    try {
      String cwd = new File("/proc/self/cwd").getCanonicalPath();
      String defaultDirectory = Path.of("").toAbsolutePath().toString();
      return cwd.equals(defaultDirectory)
          && System.getProperty("sun.nio.fs.chdirAllowed", "false").equals("false");
    } catch (IOException e) {
      // Then relative paths are the JDK's.
      return false;
    }
  }

  private RawPath() {}

  /**
   * The path as NUL-terminated bytes, or null if it is not one of the JDK's Unix paths, or a
   * relative one that only the JDK can resolve.
   *
   * <p>A name that is not valid in the platform's charset cannot be had from the string; the URI
   * form keeps every byte.
   */
  public static byte @Nullable [] of(Path path) {
    // By name: the class is not exported, and a program's own provider may wrap it.
    if (!path.getClass().getName().equals("sun.nio.fs.UnixPath")) {
      return null;
    }
    boolean absolute = path.isAbsolute();
    String text = path.toString();
    if (!absolute && (text.isEmpty() || !RELATIVE_TO_CWD)) {
      return null;
    }
    // Every charset that Linux has for names agrees on these. By methods that the JVM has compiled
    // long since: a loop of ours over each path would have to be, first.
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (!new String(bytes, StandardCharsets.US_ASCII).equals(text)) {
      return absolute ? fromUri(path.toUri().getRawPath()) : null;
    }
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static byte[] fromUri(String uriPath) {
    // A directory gets a slash at its end, which other calls than those for directories reject.
    int end =
        uriPath.length() > 1 && uriPath.endsWith("/") ? uriPath.length() - 1 : uriPath.length();
    byte[] ascii = uriPath.substring(0, end).getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[ascii.length + 1];
    int length = 0;
    for (int i = 0; i < ascii.length; i++) {
      if (ascii[i] == '%') {
        bytes[length++] =
            (byte) (Character.digit(ascii[i + 1], 16) << 4 | Character.digit(ascii[i + 2], 16));
        i += 2;
      } else {
        bytes[length++] = ascii[i];
      }
    }
    return Arrays.copyOf(bytes, length + 1);
  }
}
