package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/** Shares the extents of a whole file with FICLONE; atomic against writers of the source. */
final class Reflink implements CopyMethod {
  @Override
  public String call() {
    return "ioctl(FICLONE)";
  }

  @Override
  public Capability capability() {
    return Capability.FICLONE;
  }

  @Override
  public boolean shares() {
    return true;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    if (!span.isWholeFile()) {
      return new Outcome.Declined(0, Reason.Rule.NOT_WHOLE_FILE);
    }
    int result;
    do {
      result = ends.calls().ficlone(ends.target(), ends.source());
    } while (Ends.isInterrupted(result) && !ends.cancellation().isRequested());
    if (Ends.isInterrupted(result)) {
      return new Outcome.Cancelled(0);
    }
    return result < 0 ? ends.stopped(this, 0, result) : new Outcome.Completed(ends.sourceSize());
  }
}
