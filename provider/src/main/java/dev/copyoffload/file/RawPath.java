package dev.copyoffload.file;

import dev.copyoffload.linux.JavaBase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/** The bytes of a path as the kernel wants them. */
public final class RawPath {
  private RawPath() {}

  /**
   * The path as NUL-terminated bytes, or null if it is not one of the JDK's Unix paths, or a
   * relative one that only the JDK can resolve.
   *
   * <p>A name that is not valid in the platform's charset cannot be had from the string; the JDK
   * and the URI form keep every byte.
   */
  public static byte @Nullable [] of(Path path) {
    if (JavaBase.isEntered()) {
      return OffloadKernel.bytesOf(path);
    }
    // By name: the class is not exported, and a program's own provider may wrap it.
    return path.isAbsolute() && path.getClass().getName().equals("sun.nio.fs.UnixPath")
        ? fromUri(path.toUri().getRawPath())
        : null;
  }

  /** The bytes of a path of the JDK's own file system; each has some once it is absolute. */
  static byte[] ofAny(Path path) {
    byte[] bytes = of(path);
    return bytes != null
        ? bytes
        : Objects.requireNonNull(of(path.toAbsolutePath()), "not the JDK's path");
  }

  static byte[] fromUri(String uriPath) {
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
