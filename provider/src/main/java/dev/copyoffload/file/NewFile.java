package dev.copyoffload.file;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import org.jspecify.annotations.Nullable;

/** A file that a copy has created, which goes again unless the copy keeps it. */
final class NewFile implements AutoCloseable {
  private final SystemCalls calls;
  private final Descriptor descriptor;
  private final byte[] path;
  private boolean kept;

  /** Takes ownership of what has just been created, open for writing. */
  NewFile(SystemCalls calls, Descriptor descriptor, byte[] path) {
    this.calls = calls;
    this.descriptor = descriptor;
    this.path = path;
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
    kept = closed >= 0 || Errno.EINTR.is(closed);
    return kept ? 0 : closed;
  }

  /** Closes it, and removes it if it was not kept. */
  @Override
  public void close() {
    if (!kept) {
      remove(descriptor.isOpen() ? FileStatus.of(calls, descriptor.number()) : null);
      descriptor.close();
    }
  }

  /**
   * Removes it, unless its name is another file's by now.
   *
   * @param made what was created, or null if that cannot be had
   */
  void remove(@Nullable FileStatus made) {
    FileStatus named = made == null ? null : FileStatus.of(calls, path, false);
    if (made == null || named == null || named.isSameFile(made)) {
      calls.unlink(path);
    }
  }
}
