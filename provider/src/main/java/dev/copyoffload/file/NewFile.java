package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_CREAT;
import static dev.copyoffload.linux.Constants.O_EXCL;
import static dev.copyoffload.linux.Constants.O_WRONLY;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * A file that a copy creates, which goes again unless the copy keeps it.
 *
 * <p>What its removal needs is there before the file: a copy may end for want of memory.
 */
final class NewFile implements AutoCloseable {
  static final int CREATE_NEW = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;

  private final SystemCalls calls;
  private final Descriptor descriptor;
  private final byte[] path;
  private final long[] structOfMade = new long[FileStatus.LONGS];
  private final FileStatus made = FileStatus.of(structOfMade);
  private final long[] structOfNamed = new long[FileStatus.LONGS];
  private final FileStatus named = FileStatus.of(structOfNamed);

  /** Whether it was created, and is not kept. */
  private boolean goes;

  /** A file that is not there yet. */
  NewFile(SystemCalls calls, byte[] path) {
    this.calls = calls;
    this.descriptor = new Descriptor(calls);
    this.path = path;
  }

  /** Creates it, open for writing; its number, or the negated errno of open(2). */
  int create(int mode) {
    int result = descriptor.open(path, CREATE_NEW, mode);
    goes = result >= 0;
    return result;
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Closes and keeps it.
   *
   * @return 0, or the negated errno by which NFS and quotas report what they could not write: then
   *     it is not kept
   */
  int keep() {
    int closed = descriptor.closeNow();
    // After EINTR it is closed.
    goes = closed < 0 && !Errno.EINTR.is(closed);
    return goes ? closed : 0;
  }

  /** Closes it, and removes it if it was not kept. */
  @Override
  public void close() {
    if (goes) {
      try {
        boolean known = descriptor.isOpen() && calls.statx(descriptor.number(), structOfMade) >= 0;
        remove(known ? made : null);
      } finally {
        descriptor.close();
      }
    }
  }

  /**
   * Removes it, unless its name is another file's by now.
   *
   * @param created what was created, or null if that cannot be had
   */
  void remove(@Nullable FileStatus created) {
    if (created == null
        || calls.statx(path, false, structOfNamed) < 0
        || named.isSameFile(created)) {
      calls.unlink(path);
    }
  }
}
