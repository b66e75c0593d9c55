package dev.copyoffload.file;

import org.jspecify.annotations.Nullable;

/**
 * A range of the source and the one of the target that is to be shared with it.
 *
 * @param sourceOffset bytes, not negative
 * @param targetOffset bytes, not negative
 * @param length bytes, not negative
 */
record DedupeSpan(long sourceOffset, long targetOffset, long length) {
  DedupeSpan {
    if (sourceOffset < 0 || targetOffset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "negative: " + sourceOffset + ", " + targetOffset + ", " + length);
    }
  }

  static DedupeSpan ofFile(long size) {
    return new DedupeSpan(0, 0, size);
  }

  /** Whether the two ranges have bytes in common if they are of one file. */
  boolean overlaps() {
    return length > 0 && Math.abs(sourceOffset - targetOffset) < length;
  }

  /**
   * Why the kernel could not share the ranges, or null.
   *
   * <p>It would not say so itself: it leaves out what lies behind the last whole block, without
   * comparing it, and reports all of the length.
   *
   * @param blockSize of the file system
   */
  @Nullable String whyNot(long sourceSize, long targetSize, long blockSize) {
    if (length > sourceSize - sourceOffset) {
      return beyond("source", sourceOffset, sourceSize);
    }
    if (length > targetSize - targetOffset) {
      return beyond("target", targetOffset, targetSize);
    }
    String unaligned = " is no multiple of the block size, " + blockSize;
    if (sourceOffset % blockSize != 0) {
      return "the source's offset " + sourceOffset + unaligned;
    }
    if (targetOffset % blockSize != 0) {
      return "the target's offset " + targetOffset + unaligned;
    }
    boolean toEnds = sourceOffset + length == sourceSize && targetOffset + length == targetSize;
    if (length % blockSize != 0 && !toEnds) {
      return "the length " + length + unaligned + ", nor do both files end there";
    }
    return null;
  }

  private String beyond(String file, long offset, long size) {
    return length + " bytes from offset " + offset + " end behind the " + file + "'s " + size;
  }

  /** Names the bytes from {@code at} to {@code end}, counted from the start of the ranges. */
  String between(long at, long end) {
    String ofSource = "offsets " + (sourceOffset + at) + " and " + (sourceOffset + end);
    return sourceOffset == targetOffset
        ? ofSource
        : ofSource + " of the source, " + (targetOffset + at) + " of the target";
  }
}
