package dev.copyoffload.engine;

import java.nio.ByteBuffer;

/**
 * Moves a range within one file onto a range that overlaps it, as memmove(3) does in memory: the
 * target gets what the source was before. Every byte of the range must exist.
 */
final class OverlappingCopy extends ReadWrite {
  OverlappingCopy(Buffers buffers) {
    super(buffers);
  }

  /** Goes from the end that is overwritten last; what ends half way is a mixture, and counts 0. */
  @Override
  Outcome copy(FilePair files, Range range, ByteBuffer buffer) {
    boolean backwards = range.sourceOffset() < range.targetOffset();
    long moved = 0;
    while (moved < range.length()) {
      if (files.cancellation().isRequested()) {
        return new Outcome.Cancelled(0);
      }
      int length = (int) Math.min(buffer.capacity(), range.length() - moved);
      long at = backwards ? range.length() - moved - length : moved;
      long filled = fill(files, buffer, length, range.sourceOffset() + at);
      if (filled < 0) {
        return stopped(files, "read", 0, filled);
      }
      Outcome written = write(files, buffer, 0, length, range.targetOffset() + at);
      if (!(written instanceof Outcome.Completed)) {
        return written.plus(-written.bytes());
      }
      moved += length;
    }
    return new Outcome.Completed(moved);
  }

  /** Fills the start of the buffer, with zeros behind the source's end; or a negated errno. */
  private static long fill(FilePair files, ByteBuffer buffer, int length, long offset) {
    int filled = 0;
    while (filled < length) {
      ByteBuffer rest = buffer.slice(filled, length - filled);
      long got = read(files, rest, length - filled, offset + filled);
      if (got < 0) {
        return got;
      }
      if (got == 0) {
        // The file was cut while it was moved: what is gone reads as if it had been zeros.
        rest.put(new byte[length - filled]);
        return length;
      }
      filled += (int) got;
    }
    return filled;
  }
}
