package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Reads everything and writes what is not zero, block by block, into a target that has nothing
 * there yet; the caller makes the target as long as the copy.
 */
final class ZerosLeftOut extends ThroughBuffer {
  private static final int SMALLEST_BLOCK = 512;
  private static final int USUAL_BLOCK = 4 << 10;

  private final LongConsumer leftOut;

  /**
   * A method for one copy.
   *
   * @param leftOut told of bytes that were counted as copied and not written
   */
  ZerosLeftOut(Buffers buffers, LongConsumer leftOut) {
    super(buffers);
    this.leftOut = leftOut;
  }

  @Override
  Outcome copy(Ends ends, Span span, ByteBuffer buffer) {
    int block = blockOf(ends);
    long moved = 0;
    while (moved < span.length()) {
      long at = span.targetOffset() + moved;
      if (ends.isCancelledAt(at)) {
        return new Outcome.Cancelled(moved);
      }
      // What is read after a short count begins inside a block: up to the next one first.
      long room = buffer.capacity() - at % block;
      long wanted = Math.min(room, span.length() - moved);
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
      Outcome written = write(ends, buffer, (int) got, at, block);
      moved += written.bytes();
      if (!(written instanceof Outcome.Completed)) {
        return written.plus(moved - written.bytes());
      }
    }
    return new Outcome.Completed(moved);
  }

  private static int blockOf(Ends ends) {
    FileStatus target = ends.statusOf(ends.target());
    long size = target == null ? 0 : target.blockSize();
    boolean usable = size >= SMALLEST_BLOCK && size <= Buffers.SIZE / 4 && Long.bitCount(size) == 1;
    return usable ? (int) size : USUAL_BLOCK;
  }

  /** Writes the runs of blocks that hold something. */
  private Outcome write(Ends ends, ByteBuffer buffer, int length, long at, int block) {
    int done = 0;
    while (done < length) {
      boolean zero = isZero(buffer, done, endOfBlock(at, done, block, length));
      int end = endOfBlock(at, done, block, length);
      while (end < length && isZero(buffer, end, endOfBlock(at, end, block, length)) == zero) {
        end = endOfBlock(at, end, block, length);
      }
      if (zero) {
        leftOut.accept(end - done);
        done = end;
        continue;
      }
      while (done < end) {
        long result =
            ends.calls()
                .pwrite(ends.target(), buffer.slice(done, end - done), end - done, at + done);
        if (result > 0) {
          done += (int) result;
        } else if (!Ends.isInterrupted(result)) {
          int errno = result == 0 ? Errno.EIO.number() : (int) -result;
          return new Outcome.Failed(done, "write", errno);
        } else if (ends.isCancelledAt(at + done)) {
          return new Outcome.Cancelled(done);
        }
      }
    }
    return new Outcome.Completed(length);
  }

  private static int endOfBlock(long at, int from, int block, int length) {
    long end = (at + from) / block * block + block - at;
    return (int) Math.min(end, length);
  }

  private static boolean isZero(ByteBuffer buffer, int from, int to) {
    int i = from;
    // Eight at a time; the order of bytes does not matter for zeros.
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      if (buffer.getLong(i) != 0) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (buffer.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
