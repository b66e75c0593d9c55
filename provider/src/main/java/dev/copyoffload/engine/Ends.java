package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;

/**
 * The two open regular files of a copy, both ours alone, so that their offsets may be moved.
 *
 * @param calls how to reach the kernel
 * @param source descriptor open for reading
 * @param target descriptor open for writing
 * @param cancellation asked between calls
 */
record Ends(SystemCalls calls, int source, int target, Cancellation cancellation) {
  /** The source's size now, or a negated errno. */
  long sourceSizeNow() {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    int result = calls.statx(source, buffer);
    return result < 0 ? result : FileStatus.of(buffer).size();
  }

  /** Whether a call that returned 0 at {@code offset} has met the end of the source. */
  boolean isAtEnd(long offset) {
    long size = sourceSizeNow();
    return size >= 0 && offset >= size;
  }

  /** Whether anything can interrupt the copy, so that calls must stay short. */
  boolean isCancellable() {
    return cancellation != Cancellation.NEVER;
  }

  /** The end of a method on an error. */
  Outcome stopped(CopyMethod method, long moved, long result) {
    int number = (int) -result;
    return switch (Reaction.to(method, Errno.of(number), moved > 0)) {
      case NEXT_METHOD -> new Outcome.Declined(moved, Errno.nameOf(number));
      case FAIL -> new Outcome.Failed(moved, method.call(), number);
      case AGAIN -> throw new IllegalStateException(method.call() + " must repeat itself");
    };
  }

  /** Whether to repeat a call that a signal ended. */
  static boolean isInterrupted(long result) {
    return Errno.EINTR.is(result);
  }
}
