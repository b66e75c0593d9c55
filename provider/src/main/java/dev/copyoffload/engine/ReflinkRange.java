package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/**
 * Shares the extents of a range with FICLONERANGE.
 *
 * <p>The span must be aligned to blocks, but for an end that is the end of both files: see {@link
 * SharedMiddle}.
 */
final class ReflinkRange implements CopyMethod {
  /** A multiple of every block size; a clone of more holds the file's lock for long. */
  private static final long MAX_CHUNK = 1L << 30;

  /** What may have to be written out first, while nobody can cancel. */
  private static final long CANCELLABLE_CHUNK = 8L << 20;

  @Override
  public String call() {
    return "ioctl(FICLONERANGE)";
  }

  @Override
  public Capability capability() {
    return Capability.FICLONERANGE;
  }

  @Override
  public boolean shares() {
    return true;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    long chunk = ends.isCancellable() ? CANCELLABLE_CHUNK : MAX_CHUNK;
    long shared = 0;
    // Never a call with nothing left: to the kernel a length of 0 means all the rest of the file.
    while (shared < span.length()) {
      if (ends.cancellation().isRequested()) {
        return new Outcome.Cancelled(shared);
      }
      long length = Math.min(chunk, span.length() - shared);
      int result =
          ends.calls()
              .ficlonerange(
                  ends.target(),
                  ends.source(),
                  span.sourceOffset() + shared,
                  length,
                  span.targetOffset() + shared);
      if (result == 0) {
        shared += length;
      } else if (!Ends.isInterrupted(result)) {
        return ends.stopped(this, shared, result);
      }
    }
    return new Outcome.Completed(shared);
  }
}
