package dev.copyoffload.engine;

import org.jspecify.annotations.Nullable;

/**
 * The part of a range that can be shared: whole blocks between a head and a tail that must be
 * moved.
 *
 * @param head bytes before the first whole block
 * @param length bytes from there that can be shared, more than 0
 */
record SharedMiddle(long head, long length) {
  /**
   * Cuts a range, or returns null if nothing of it can be shared.
   *
   * @param range a range of known length, at most to the end of the source
   * @param blockSize of the file system, a power of two
   * @param sourceSize of the whole source
   * @param targetSize of the whole target before the copy
   */
  static @Nullable SharedMiddle of(Range range, long blockSize, long sourceSize, long targetSize) {
    long offsetInBlock = range.sourceOffset() & (blockSize - 1);
    if (offsetInBlock != (range.targetOffset() & (blockSize - 1))) {
      return null;
    }
    long head = offsetInBlock == 0 ? 0 : blockSize - offsetInBlock;
    long end = range.sourceOffset() + range.length();
    // The kernel takes a partial last block only where it is the last one in both files.
    boolean endsBoth = end == sourceSize && range.targetOffset() + range.length() >= targetSize;
    long sharedEnd = endsBoth ? end : end & -blockSize;
    long length = sharedEnd - range.sourceOffset() - head;
    return length < Tuning.SHARE_RANGE_FROM ? null : new SharedMiddle(head, length);
  }
}
