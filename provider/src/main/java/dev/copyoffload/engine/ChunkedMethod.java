package dev.copyoffload.engine;

/**
 * Copies by one call that is repeated on what is left of a range, until the range is done or the
 * call gives up.
 */
abstract class ChunkedMethod implements CopyMethod {
  /** Bytes of one call at most. */
  abstract long chunk();

  /** Bytes that one call copied, or a negated errno; 0 is an end only where the source ends. */
  abstract long copy(FilePair files, long sourceOffset, long targetOffset, long length);

  /** In calls of a chunk at most, of less where it can be cancelled. */
  @Override
  public Outcome copy(FilePair files, Range range) {
    long chunk = chunk();
    long most = files.isCancellable() ? Math.min(chunk, Tuning.CANCELLABLE_CHUNK) : chunk;
    long largest = shares() ? Math.min(chunk, Tuning.LARGEST_CANCELLABLE_CHUNK) : most;
    long done = 0;
    // Never a call with nothing left: to FICLONERANGE a length of 0 means all the rest of the file.
    while (done < range.length()) {
      if (files.isCancelledAt(range.targetOffset() + done)) {
        return new Outcome.Cancelled(done);
      }
      long from = range.sourceOffset() + done;
      long wanted = Math.min(most, range.length() - done);
      long started = System.nanoTime();
      long result = copy(files, from, range.targetOffset() + done, wanted);
      if (result > 0) {
        done += result;
        if (most < largest && System.nanoTime() - started < Tuning.QUICK_NANOS) {
          most *= 2;
        }
      } else if (result == 0) {
        // 0 at once is not an end: /proc, overlay, FUSE (golang/go#44272).
        return done > 0 && files.isAtEnd(from)
            ? new Outcome.Completed(done)
            : new Outcome.Declined(done, Reason.Rule.RETURNED_ZERO);
      } else if (!FilePair.isInterrupted(result)) {
        return files.stopped(this, done, result);
      }
    }
    return new Outcome.Completed(done);
  }
}
