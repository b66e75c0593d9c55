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
      int[] ends = new int[2];
      int result = files.calls().pipe(ends);
      if (result < 0) {
        return files.stopped(this, 0, result);
      }
      pipe = new Pipe(files.calls(), ends);
      if (pipe.capacity() < 0) {
        pipe.close();
        return files.stopped(this, 0, pipe.capacity());
      }
    }
    boolean reusable = false;
    try {
      Outcome outcome = through(pipe, files, range);
      reusable = pipe.content == 0;
      return outcome;
    } finally {
      // What is left in a pipe would end up in somebody else's file.
      if (!reusable || !pipes.offer(pipe)) {
        pipe.close();
      }
    }
  }

  private Outcome through(Pipe pipe, FilePair files, Range range) {
    long moved = 0;
    while (moved < range.length()) {
      long offset = range.targetOffset() + moved;
      if (pipe.content > 0) {
        long result =
            files
                .calls()
                .spliceOut(
                    pipe.readEnd(), files.target(), offset, pipe.content, Constants.SPLICE_F_MOVE);
        if (result > 0) {
          pipe.content -= result;
          moved += result;
        } else if (result == 0) {
          return new Outcome.Declined(moved, Reason.Rule.WROTE_ZERO);
        } else if (!files.repeats(result)) {
          return FilePair.isInterrupted(result)
              ? new Outcome.Cancelled(moved)
              : files.stopped(this, moved, result);
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
        pipe.content = result;
      } else if (result == 0) {
        return files.isAtEnd(from) && moved > 0
            ? new Outcome.Completed(moved)
            : new Outcome.Declined(moved, Reason.Rule.RETURNED_ZERO);
      } else if (!FilePair.isInterrupted(result)) {
        return files.stopped(this, moved, result);
      }
    }
    return new Outcome.Completed(moved);
  }
}
