package dev.copyoffload.engine;

import dev.copyoffload.linux.FileStatus;
import java.nio.ByteBuffer;

/**
 * Reads everything and writes what is not zero, block by block, into a target that has nothing
 * there yet; the caller makes the target as long as the copy.
 */
final class ZerosLeftOut extends ReadWrite {
  private static final int SMALLEST_BLOCK = 512;
  private static final int USUAL_BLOCK = 4 << 10;

  private final CopyRun run;

  /**
   * A method for one copy.
   *
   * @param run told of bytes that were counted as copied and not written
   */
  ZerosLeftOut(Buffers buffers, FilePair files, CopyRun run) {
    super(buffers, blockOf(files));
    this.run = run;
  }

  private static int blockOf(FilePair files) {
    FileStatus target = files.statusOf(files.target());
    long size = target == null ? 0 : target.blockSize();
    boolean usable =
        size >= SMALLEST_BLOCK && size <= Tuning.BUFFER / 4 && Long.bitCount(size) == 1;
    return usable ? (int) size : USUAL_BLOCK;
  }

  /** Writes the runs of blocks that hold something. */
  @Override
  Outcome put(FilePair files, ByteBuffer buffer, int length, long offset) {
    int done = 0;
    while (done < length) {
      int end = endOfBlock(offset, done, length);
      boolean zero = isZero(buffer, done, end);
      while (end < length && isZero(buffer, end, endOfBlock(offset, end, length)) == zero) {
        end = endOfBlock(offset, end, length);
      }
      if (zero) {
        run.accountLeftOut(end - done);
      } else {
        Outcome written = write(files, buffer, done, end - done, offset + done);
        if (!(written instanceof Outcome.Completed)) {
          return written.plus(done);
        }
      }
      done = end;
    }
    return new Outcome.Completed(length);
  }

  private int endOfBlock(long at, int from, int length) {
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
