package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Constants;

/** Moves page references through a wide pipe of our own, with splice(2) in and out. */
final class Splice implements CopyMethod {
  private final Pool<Pipe> pipes;

  Splice(Pool<Pipe> pipes) {
    this.pipes = pipes;
  }

  @Override
  public Capability capability() {
    return Capability.SPLICE;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    Pipe pipe = pipes.poll();
    if (pipe == null) {
      Pipe.Opened opened = Pipe.open(ends.calls());
      pipe = opened.pipe();
      if (pipe == null) {
        return ends.stopped(this, 0, opened.result());
      }
    }
    Run run = new Run(ends, span, pipe);
    boolean reusable = false;
    try {
      Outcome outcome = run.toEnd();
      reusable = run.inPipe == 0;
      return outcome;
    } finally {
      // What is left in a pipe would end up in somebody else's file.
      if (!reusable || !pipes.offer(pipe)) {
        pipe.close();
      }
    }
  }

  /** One copy on its way through the pipe. */
  private final class Run {
    private final Ends ends;
    private final Span span;
    private final Pipe pipe;
    private long moved;
    private long inPipe;

    Run(Ends ends, Span span, Pipe pipe) {
      this.ends = ends;
      this.span = span;
      this.pipe = pipe;
    }

    Outcome toEnd() {
      while (moved < span.length()) {
        if (ends.isCancelledAt(span.targetOffset() + moved)) {
          return new Outcome.Cancelled(moved);
        }
        long from = span.sourceOffset() + moved;
        long wanted = Math.min(pipe.capacity(), span.length() - moved);
        long result =
            ends.calls()
                .spliceIn(ends.source(), from, pipe.writeEnd(), wanted, Constants.SPLICE_F_MOVE);
        if (result == 0) {
          return ends.isAtEnd(from) && moved > 0
              ? new Outcome.Completed(moved)
              : new Outcome.Declined(moved, Reason.Rule.RETURNED_ZERO);
        }
        if (result < 0) {
          if (Ends.isInterrupted(result)) {
            continue;
          }
          return ends.stopped(Splice.this, moved, result);
        }
        inPipe = result;
        long drained = drain();
        if (Ends.isInterrupted(drained)) {
          return new Outcome.Cancelled(moved);
        }
        if (drained < 0) {
          return ends.stopped(Splice.this, moved, drained);
        }
        if (inPipe > 0) {
          return new Outcome.Declined(moved, Reason.Rule.WROTE_ZERO);
        }
      }
      return new Outcome.Completed(moved);
    }

    /** Empties the pipe into the target; a negated errno if that fails, EINTR if cancelled. */
    private long drain() {
      while (inPipe > 0) {
        long result =
            ends.calls()
                .spliceOut(
                    pipe.readEnd(),
                    ends.target(),
                    span.targetOffset() + moved,
                    inPipe,
                    Constants.SPLICE_F_MOVE);
        if (result > 0) {
          inPipe -= result;
          moved += result;
        } else if (!Ends.isInterrupted(result) || ends.cancellation().isRequested()) {
          return result;
        }
      }
      return 0;
    }
  }
}
