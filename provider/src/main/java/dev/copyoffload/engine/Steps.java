package dev.copyoffload.engine;

/** Repeats a call on what is left of a span, until the span is done or the call gives up. */
final class Steps {
  /** One call. */
  @FunctionalInterface
  interface Step {
    /** Bytes that it copied, or a negated errno; 0 is an end only where the source ends. */
    long copy(long sourceOffset, long targetOffset, long length);
  }

  private Steps() {}

  /** Copies the span in calls of {@code chunk} bytes at most, fewer where it can be cancelled. */
  static Outcome run(CopyMethod method, Ends ends, Span span, long chunk, Step step) {
    long most = ends.isCancellable() ? Math.min(chunk, Tuning.CANCELLABLE_CHUNK) : chunk;
    long largest = method.shares() ? Math.min(chunk, Tuning.LARGEST_CANCELLABLE_CHUNK) : most;
    long done = 0;
    // Never a call with nothing left: to FICLONERANGE a length of 0 means all the rest of the file.
    while (done < span.length()) {
      if (ends.isCancelledAt(span.targetOffset() + done)) {
        return new Outcome.Cancelled(done);
      }
      long from = span.sourceOffset() + done;
      long wanted = Math.min(most, span.length() - done);
      long started = System.nanoTime();
      long result = step.copy(from, span.targetOffset() + done, wanted);
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
      } else if (!Ends.isInterrupted(result)) {
        return ends.stopped(method, done, result);
      }
    }
    return new Outcome.Completed(done);
  }
}
