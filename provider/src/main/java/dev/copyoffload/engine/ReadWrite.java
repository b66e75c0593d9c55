package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.nio.ByteBuffer;

/**
 * Copies through a buffer with pread(2) and pwrite(2): works on everything, and has the last word.
 */
final class ReadWrite extends ThroughBuffer {
  ReadWrite(Buffers buffers) {
    super(buffers);
  }

  @Override
  Outcome copy(Ends ends, Span span, ByteBuffer buffer) {
    long moved = 0;
    while (moved < span.length()) {
      if (ends.isCancelledAt(span.targetOffset() + moved)) {
        return new Outcome.Cancelled(moved);
      }
      long wanted = Math.min(buffer.capacity(), span.length() - moved);
      long got = ends.calls().pread(ends.source(), buffer, wanted, span.sourceOffset() + moved);
      if (got == 0) {
        return new Outcome.Completed(moved);
      }
      if (got < 0) {
        if (Ends.isInterrupted(got)) {
          continue;
        }
        return new Outcome.Failed(moved, "read", (int) -got);
      }
      int written = 0;
      while (written < got) {
        ByteBuffer rest = written == 0 ? buffer : buffer.slice(written, (int) got - written);
        long result =
            ends.calls().pwrite(ends.target(), rest, got - written, span.targetOffset() + moved);
        if (result > 0) {
          written += (int) result;
          moved += result;
        } else if (Ends.isInterrupted(result)) {
          if (ends.cancellation().isRequested()) {
            return new Outcome.Cancelled(moved);
          }
        } else {
          // POSIX lets write(2) return 0 without a reason; asking again could go on for ever.
          int errno = result == 0 ? Errno.EIO.number() : (int) -result;
          return new Outcome.Failed(moved, "write", errno);
        }
      }
    }
    return new Outcome.Completed(moved);
  }
}
