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
  public Outcome copy(FilePair files, Range range) {
    Pipe pipe = pipes.poll();
    if (pipe == null) {
      Pipe.Opened opened = Pipe.open(files.calls());
      pipe = opened.pipe();
      if (pipe == null) {
        return files.stopped(this, 0, opened.result());
      }
    }
    Run run = new Run(files, range, pipe);
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
    private final FilePair files;
    private final Range range;
    private final Pipe pipe;
    private long moved;
    private long inPipe;

    Run(FilePair files, Range range, Pipe pipe) {
      this.files = files;
      this.range = range;
      this.pipe = pipe;
    }

    Outcome toEnd() {
      while (moved < range.length()) {
        long offset = range.targetOffset() + moved;
        if (inPipe > 0) {
          long result =
              files
                  .calls()
                  .spliceOut(
                      pipe.readEnd(), files.target(), offset, inPipe, Constants.SPLICE_F_MOVE);
          if (result > 0) {
            inPipe -= result;
            moved += result;
          } else if (result == 0) {
            return new Outcome.Declined(moved, Reason.Rule.WROTE_ZERO);
          } else if (!files.repeats(result)) {
            return FilePair.isInterrupted(result)
                ? new Outcome.Cancelled(moved)
                : files.stopped(Splice.this, moved, result);
          }
          continue;
        }
        if (files.isCancelledAt(offset)) {
          return new Outcome.Cancelled(moved);
        }
        long from = range.sourceOffset() + moved;
        long wanted = Math.min(pipe.capacity(), range.length() - moved);
        long result =
            files
                .calls()
                .spliceIn(files.source(), from, pipe.writeEnd(), wanted, Constants.SPLICE_F_MOVE);
        if (result > 0) {
          inPipe = result;
        } else if (result == 0) {
          return files.isAtEnd(from) && moved > 0
              ? new Outcome.Completed(moved)
              : new Outcome.Declined(moved, Reason.Rule.RETURNED_ZERO);
        } else if (!FilePair.isInterrupted(result)) {
          return files.stopped(Splice.this, moved, result);
        }
      }
      return new Outcome.Completed(moved);
    }
  }
}
