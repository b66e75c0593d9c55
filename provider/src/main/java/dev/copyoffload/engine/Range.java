package dev.copyoffload.engine;

/**
 * A range of one file and the place that is to have it, of another or of the same one.
 *
 * @param sourceOffset first byte in the source
 * @param targetOffset first byte in the target
 * @param length bytes, or {@link #TO_END}
 */
public record Range(long sourceOffset, long targetOffset, long length) {
  /** As far as the source goes, wherever that will be. */
  public static final long TO_END = Long.MAX_VALUE;

  public Range {
    if (sourceOffset < 0 || targetOffset < 0 || length < 0) {
      throw new IllegalArgumentException(
          "negative: " + sourceOffset + ", " + targetOffset + ", " + length);
    }
  }

  private static final Range WHOLE_FILE = new Range(0, 0, TO_END);

  static Range wholeFile() {
    return WHOLE_FILE;
  }

  boolean isToEnd() {
    return length == TO_END;
  }

  /** What is left behind the first {@code done} bytes. */
  Range after(long done) {
    return done == 0
        ? this
        : new Range(sourceOffset + done, targetOffset + done, isToEnd() ? TO_END : length - done);
  }

  /** The first {@code count} bytes. */
  Range first(long count) {
    return new Range(sourceOffset, targetOffset, count);
  }

  /** {@code count} bytes behind the first {@code done}. */
  Range part(long done, long count) {
    return new Range(sourceOffset + done, targetOffset + done, count);
  }

  /** Whether the two ranges would share bytes if they were in one file. */
  public boolean overlaps() {
    return length > 0 && Math.abs(sourceOffset - targetOffset) < length;
  }
}
