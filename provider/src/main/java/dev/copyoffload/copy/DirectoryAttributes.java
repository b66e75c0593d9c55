package dev.copyoffload.copy;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_NONBLOCK;
import static dev.copyoffload.linux.Constants.O_RDONLY;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Copies the attributes of directories that exist, which the JDK does for new ones only. */
public final class DirectoryAttributes {
  private DirectoryAttributes() {}

  /**
   * Copies owner, group, mode, extended attributes with ACLs, and times.
   *
   * <p>Waits for native code: nothing else can copy a default ACL.
   *
   * @return whether it is done; false means that nothing was, and the caller must do what it can
   * @throws IOException if the times cannot be set
   */
  public static boolean copy(Path source, Path target) throws IOException {
    SystemCalls calls = Platform.load();
    byte[] from = RawPath.of(source);
    byte[] to = RawPath.of(target);
    if (calls == null || from == null || to == null) {
      return false;
    }
    try (Descriptor in = open(calls, from);
        Descriptor out = open(calls, to)) {
      FileStatus status = in == null ? null : directory(calls, in);
      if (in == null || out == null || status == null || directory(calls, out) == null) {
        return false;
      }
      int result = new FileAttributes(calls).copy(in, status, out);
      if (result < 0) {
        throw CallFailure.of(calls, "futimens", -result, target, null);
      }
      return true;
    }
  }

  // Not blocking, lest something else has taken the name: a pipe.
  private static @Nullable Descriptor open(SystemCalls calls, byte[] path) {
    int result = calls.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    return result < 0 ? null : new Descriptor(calls, result);
  }

  private static @Nullable FileStatus directory(SystemCalls calls, Descriptor descriptor) {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    if (calls.statx(descriptor.number(), buffer) < 0) {
      return null;
    }
    FileStatus status = FileStatus.of(buffer);
    return status.isDirectory() ? status : null;
  }
}
