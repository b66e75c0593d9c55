package dev.copyoffload.copy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bytes of a path as the kernel wants them. */
final class RawPath {
  private RawPath() {}

  /**
   * The absolute path as NUL-terminated bytes, or null if it is not one of the JDK's Unix paths.
   *
   * <p>A name that is not valid in the platform's charset cannot be had from the string; the URI
   * form keeps every byte.
   */
  static byte @Nullable [] of(Path path) {
    // By name: the class is not exported, and a program's own provider may wrap it.
    if (!path.getClass().getName().equals("sun.nio.fs.UnixPath")) {
      return null;
    }
    String text = path.toAbsolutePath().toString();
    int length = text.length();
    byte[] bytes = new byte[length + 1];
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      // Every charset that Linux has for names agrees on these.
      if (c >= 0x7F) {
        return fromUri(path.toUri().getRawPath());
      }
      bytes[i] = (byte) c;
    }
    return bytes;
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
    return java.util.Arrays.copyOf(bytes, length + 1);
  }
}
