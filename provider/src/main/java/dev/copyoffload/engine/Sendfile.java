package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Constants;

/** Moves page references through the kernel's own pipe, with sendfile(2). */
final class Sendfile implements CopyMethod {
  @Override
  public Capability capability() {
    return Capability.SENDFILE;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    if (!ends.offsetsAreOurs()) {
      return new Outcome.Declined(0, Reason.Rule.OFFSET_NOT_OURS);
    }
    // The target has no offset argument: its own, which is ours alone, must stand right.
    long position = ends.calls().lseek(ends.target(), span.targetOffset(), Constants.SEEK_SET);
    if (position < 0) {
      return ends.stopped(this, 0, position);
    }
    return Steps.run(
        this,
        ends,
        span,
        Tuning.CANCELLABLE_CHUNK,
        (from, to, length) -> ends.calls().sendfile(ends.target(), ends.source(), from, length));
  }
}
