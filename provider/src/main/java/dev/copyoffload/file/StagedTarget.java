package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.F_DUPFD_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_TMPFILE;
import static dev.copyoffload.linux.Constants.O_WRONLY;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.SystemCalls;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file that is written before it has its name: without any where there is O_TMPFILE, else under
 * another one in the same directory.
 */
final class StagedTarget implements AutoCloseable {
  static final String PREFIX = ".copyoffload-";

  /** A name that is taken is somebody's: another copy's, or what a killed one left. */
  private static final int MOST_NAMES = 100;

  private final SystemCalls calls;
  private final byte[] target;
  private final Descriptor descriptor;

  /** The name that it has now, if any. */
  private byte @Nullable [] name;

  /** A file that is not there yet. */
  StagedTarget(SystemCalls calls, byte[] target) {
    this.calls = calls;
    this.target = target;
    this.descriptor = new Descriptor(calls);
  }

  /**
   * Makes it, beside the target.
   *
   * @param file what the target is called in exceptions
   * @param unnamed whether a file without a name could be given one later
   */
  void open(Path file, int mode, boolean unnamed) throws FileSystemException {
    if (unnamed
        && descriptor.open(directoryOf(target), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode) >= 0) {
      return;
    }
    // Not here (EOPNOTSUPP, EISDIR, EINVAL), or an obstacle that the other way meets as well.
    int result = -Errno.EEXIST.number();
    for (int i = 0; i < MOST_NAMES && Errno.EEXIST.is(result); i++) {
      byte[] beside = nameBeside(target);
      result = descriptor.open(beside, NewFile.CREATE_NEW, mode);
      name = result < 0 ? null : beside;
    }
    CallFailure.checked(calls, "open", result, file);
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Has the file system say now what it could not write, as close(2) would: 0 or a negated errno.
   */
  int flush() {
    if (name != null) {
      return descriptor.closeNow();
    }
    // Without a name it must stay open; each close of a duplicate reports too.
    int duplicate = calls.fcntl(descriptor.number(), F_DUPFD_CLOEXEC, 0);
    return duplicate < 0 ? 0 : calls.close(duplicate);
  }

  /**
   * Gives the file its name.
   *
   * @param replace whether another file may have the name, which then loses it in the same instant
   * @return 0 or a negated errno; EEXIST if another file has the name and may keep it
   */
  int publish(boolean replace) {
    int result = name == null ? publishUnnamed(replace) : publishNamed(replace);
    if (result == 0) {
      name = null;
    }
    return result;
  }

  private int publishUnnamed(boolean replace) {
    byte[] open =
        ("/proc/self/fd/" + descriptor.number() + "\0").getBytes(StandardCharsets.US_ASCII);
    if (!replace) {
      return calls.link(open, target);
    }
    // No call gives a file the name of another: it gets one beside, for as long as a rename takes.
    int result = -Errno.EEXIST.number();
    for (int i = 0; i < MOST_NAMES && Errno.EEXIST.is(result); i++) {
      byte[] beside = nameBeside(target);
      result = calls.link(open, beside);
      if (result == 0) {
        name = beside;
        result = calls.rename(beside, target);
        return result;
      }
    }
    return result;
  }

  private int publishNamed(boolean replace) {
    byte[] from = name;
    if (from == null) {
      throw new IllegalStateException("no name");
    }
    if (replace) {
      return calls.rename(from, target);
    }
    int result = calls.renameNoReplace(from, target);
    if (!Errno.EINVAL.is(result) && !Errno.ENOSYS.is(result)) {
      return result;
    }
    // The file system cannot: a second name, then, which is refused as well if it is taken.
    result = calls.link(from, target);
    if (result == 0) {
      calls.unlink(from);
    }
    return result;
  }

  /** Closes the file, and removes it unless it was published. */
  @Override
  public void close() {
    descriptor.close();
    if (name != null) {
      calls.unlink(name);
      name = null;
    }
  }

  private static int startOfName(byte[] path) {
    int start = path.length - 1;
    while (start > 0 && path[start - 1] != '/') {
      start--;
    }
    return start;
  }

  private static byte[] directoryOf(byte[] path) {
    int start = startOfName(path);
    if (start == 0) {
      return new byte[] {'.', 0};
    }
    byte[] directory = Arrays.copyOf(path, Math.max(start, 2));
    directory[start == 1 ? 1 : start - 1] = 0;
    return directory;
  }

  private static byte[] nameBeside(byte[] path) {
    int start = startOfName(path);
    byte[] name = (FileCopies.nameBeside() + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] beside = Arrays.copyOf(path, start + name.length);
    System.arraycopy(name, 0, beside, start, name.length);
    return beside;
  }
}
