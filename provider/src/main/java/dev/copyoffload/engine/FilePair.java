package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;
import dev.copyoffload.linux.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * The two open regular files of a copy.
 *
 * @param calls how to reach the kernel
 * @param source descriptor open for reading
 * @param target descriptor open for writing
 * @param sourceSize bytes when the copy began
 * @param offsetsAreOurs whether nobody else sees the descriptors' own offsets, so that calls
 *     without an explicit one may be made
 * @param cancellation asked between calls
 */
record FilePair(
    SystemCalls calls,
    int source,
    int target,
    long sourceSize,
    boolean offsetsAreOurs,
    Cancellation cancellation) {
  /** The status of an end now, or null if it cannot be had. */
  @Nullable FileStatus statusOf(int descriptor) {
    return FileStatus.of(calls, descriptor);
  }

  /** What is known of the file system of an end, or null if nothing is. */
  @Nullable FileSystemStatus fileSystemOf(int descriptor) {
    return FileSystemStatus.ask(calls, descriptor);
  }

  /** The kind of file system of an end. */
  FileSystemType typeOf(int descriptor) {
    FileSystemStatus status = fileSystemOf(descriptor);
    return status == null ? FileSystemType.LOCAL : FileSystemType.of(status);
  }

  /** The source's size now, or less than 0 if it cannot be had. */
  long sourceSizeNow() {
    FileStatus now = statusOf(source);
    return now == null ? -1 : now.size();
  }

  /** Whether a call that returned 0 at {@code offset} has met the end of the source. */
  boolean isAtEnd(long offset) {
    if (offset >= sourceSize) {
      return true;
    }
    long size = sourceSizeNow();
    return size >= 0 && offset >= size;
  }

  /** Whether anything can interrupt the copy, so that calls must stay short. */
  boolean isCancellable() {
    return cancellation != Cancellation.NEVER;
  }

  /** Whether to stop, asked with the target done up to an offset. */
  boolean isCancelledAt(long targetOffset) {
    return cancellation.isRequestedAt(targetOffset);
  }

  /** The end of a method on an error. */
  Outcome stopped(CopyMethod method, long moved, long result) {
    return stopped(method, method.call(), moved, result);
  }

  /** The end of a method whose {@code call} met an error. */
  Outcome stopped(CopyMethod method, String call, long moved, long result) {
    int number = (int) -result;
    return ErrnoPolicy.isFinal(method, Errno.of(number), moved > 0)
        ? new Outcome.Failed(moved, call, number)
        : new Outcome.Declined(moved, new Reason.Refused(number));
  }

  /** Whether a signal ended a call. */
  static boolean isInterrupted(long result) {
    return Errno.EINTR.is(result);
  }

  /** Whether to make a call again that a signal ended: unless the copy is to end. */
  boolean repeats(long result) {
    return isInterrupted(result) && !cancellation.isRequested();
  }
}
