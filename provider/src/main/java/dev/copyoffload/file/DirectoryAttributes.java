package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_NONBLOCK;
import static dev.copyoffload.linux.Constants.O_RDONLY;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Sets the attributes of directories that exist, which the JDK does for new ones only. */
public final class DirectoryAttributes {
  private DirectoryAttributes() {}

  /**
   * Takes permissions away, then copies owner, group, mode, extended attributes with ACLs, and
   * times.
   *
   * @param unwanted permission bits that the target is not to keep, whatever else can be set
   * @return whether it is done; false means that nothing was, and the caller must do what it can
   * @throws IOException if the times cannot be set
   */
  public static boolean copy(SystemCalls calls, Path source, Path target, int unwanted)
      throws IOException {
    try (Descriptor in = open(calls, RawPath.ofAny(source));
        Descriptor out = open(calls, RawPath.ofAny(target))) {
      FileStatus status = in == null ? null : directory(calls, in);
      FileStatus now = out == null ? null : directory(calls, out);
      if (in == null || out == null || status == null || now == null) {
        return false;
      }
      FileAttributes attributes = new FileAttributes(calls);
      if ((now.mode() & unwanted) != 0) {
        attributes.changeMode(out, now.mode() & ~unwanted);
      }
      attributes.copy(in, status, out, target);
      return true;
    }
  }

  // Not blocking, lest something else has taken the name: a pipe.
  private static @Nullable Descriptor open(SystemCalls calls, byte[] path) {
    Descriptor opened = new Descriptor(calls);
    return opened.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0) < 0 ? null : opened;
  }

  private static @Nullable FileStatus directory(SystemCalls calls, Descriptor descriptor) {
    FileStatus status = FileStatus.of(calls, descriptor.number());
    return status != null && status.isDirectory() ? status : null;
  }
}
