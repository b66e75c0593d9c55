package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Constants;

/** Moves page references through the kernel's own pipe, with sendfile(2). */
final class Sendfile implements CopyMethod {
  private static final long CHUNK = 8L << 20;

  @Override
  public Capability capability() {
    return Capability.SENDFILE;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    if (!ends.offsetsAreOurs()) {
      return new Outcome.Declined(0, "the target's offset is not ours");
    }
    // The target has no offset argument: its own, which is ours alone, must stand right.
    long position = ends.calls().lseek(ends.target(), span.targetOffset(), Constants.SEEK_SET);
    if (position < 0) {
      return ends.stopped(this, 0, position);
    }
    long moved = 0;
    while (moved < span.length()) {
      if (ends.cancellation().isRequested()) {
        return new Outcome.Cancelled(moved);
      }
      long from = span.sourceOffset() + moved;
      long wanted = Math.min(CHUNK, span.length() - moved);
      long result = ends.calls().sendfile(ends.target(), ends.source(), from, wanted);
      if (result > 0) {
        moved += result;
      } else if (result == 0) {
        return moved > 0 && ends.isAtEnd(from)
            ? new Outcome.Completed(moved)
            : new Outcome.Declined(moved, "returned 0");
      } else if (!Ends.isInterrupted(result)) {
        return ends.stopped(this, moved, result);
      }
    }
    return new Outcome.Completed(moved);
  }
}
