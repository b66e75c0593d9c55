package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.nio.ByteBuffer;

/**
 * Moves a range within one file onto a range that overlaps it, as memmove(3) does in memory: the
 * target gets what the source was before.
 */
final class OverlappingMove {
  private final Ends ends;
  private final Span span;
  private final ByteBuffer buffer;
  private long moved;

  OverlappingMove(Ends ends, Span span, ByteBuffer buffer) {
    this.ends = ends;
    this.span = span;
    this.buffer = buffer;
  }

  /** Goes from the end that is overwritten last; of a span whose every byte exists. */
  Outcome run() {
    boolean backwards = span.sourceOffset() < span.targetOffset();
    while (moved < span.length()) {
      if (ends.cancellation().isRequested()) {
        return new Outcome.Cancelled(0);
      }
      long length = Math.min(buffer.capacity(), span.length() - moved);
      long at = backwards ? span.length() - moved - length : moved;
      long result = read(at, length);
      if (result >= 0) {
        result = write(at, length);
      }
      if (result < 0) {
        return new Outcome.Failed(0, "read/write", (int) -result);
      }
      moved += length;
    }
    return new Outcome.Completed(moved);
  }

  private long read(long at, long length) {
    long done = 0;
    while (done < length) {
      ByteBuffer rest = buffer.slice((int) done, (int) (length - done));
      long result =
          ends.calls().pread(ends.source(), rest, length - done, span.sourceOffset() + at + done);
      if (result == 0) {
        // The file was cut while it was moved: what is gone reads as if it had been zeros.
        for (long i = done; i < length; i++) {
          buffer.put((int) i, (byte) 0);
        }
        return length;
      }
      if (result < 0 && !Ends.isInterrupted(result)) {
        return result;
      }
      done += Math.max(0, result);
    }
    return done;
  }

  private long write(long at, long length) {
    long done = 0;
    while (done < length) {
      ByteBuffer rest = buffer.slice((int) done, (int) (length - done));
      long result =
          ends.calls().pwrite(ends.target(), rest, length - done, span.targetOffset() + at + done);
      if (result == 0) {
        return -Errno.EIO.number();
      }
      if (result < 0 && !Ends.isInterrupted(result)) {
        return result;
      }
      done += Math.max(0, result);
    }
    return done;
  }
}
