package dev.copyoffload.engine;

/**
 * Copies by one call that is repeated on what is left of a range, until the range is done or the
 * call gives up.
 */
abstract class ChunkedMethod implements CopyMethod {
  /** Bytes that one call copied, or a negated errno; 0 is an end only where the source ends. */
  abstract long copy(FilePair ends, long sourceOffset, long targetOffset, long length);

  /** Copies the range in calls of {@code chunk} bytes at most, fewer where it can be cancelled. */
  final Outcome copyInChunks(FilePair ends, Range span, long chunk) {
    long most = ends.isCancellable() ? Math.min(chunk, Tuning.CANCELLABLE_CHUNK) : chunk;
    long largest = shares() ? Math.min(chunk, Tuning.LARGEST_CANCELLABLE_CHUNK) : most;
    long done = 0;
    // Never a call with nothing left: to FICLONERANGE a length of 0 means all the rest of the file.
    while (done < span.length()) {
      if (ends.isCancelledAt(span.targetOffset() + done)) {
        return new Outcome.Cancelled(done);
      }
      long from = span.sourceOffset() + done;
      long wanted = Math.min(most, span.length() - done);
      long started = System.nanoTime();
      long result = copy(ends, from, span.targetOffset() + done, wanted);
      if (result > 0) {
        done += result;
        if (most < largest && System.nanoTime() - started < Tuning.QUICK_NANOS) {
          most *= 2;
        }
      } else if (result == 0) {
        // 0 at once is not an end: /proc, overlay, FUSE (golang/go#44272).
        return done > 0 && ends.isAtEnd(from)
            ? new Outcome.Completed(done)
            : new Outcome.Declined(done, Reason.Rule.RETURNED_ZERO);
      } else if (!FilePair.isInterrupted(result)) {
        return ends.stopped(this, done, result);
      }
    }
    return new Outcome.Completed(done);
  }
}
