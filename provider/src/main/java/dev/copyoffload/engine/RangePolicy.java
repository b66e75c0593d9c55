package dev.copyoffload.engine;

/**
 * What the caller of {@link Engine#copyRange} grants and wants.
 *
 * @param sourceOffsetIsHeld whether the caller keeps everybody else from using the source's own
 *     offset until the copy returns; only then are holes looked for, since lseek(2) moves that
 *     offset. It is put back before the copy returns.
 * @param moveFrom bytes, not negative: a shorter range that cannot be shared and has no holes is
 *     declined, with nothing moved, for the caller to copy in its own way; 0 to decline nothing
 * @param slowlySharedFrom bytes, not negative: a shorter range is not shared where that takes long
 */
public record RangePolicy(boolean sourceOffsetIsHeld, long moveFrom, long slowlySharedFrom) {
  /** Copies whatever is asked, and leaves the source's offset alone: holes are written out. */
  public static final RangePolicy ALWAYS = new RangePolicy(false, 0);

  public RangePolicy {
    if (moveFrom < 0 || slowlySharedFrom < 0) {
      throw new IllegalArgumentException("negative: " + moveFrom + ", " + slowlySharedFrom);
    }
  }

  /** Shares whatever can be. */
  public RangePolicy(boolean sourceOffsetIsHeld, long moveFrom) {
    this(sourceOffsetIsHeld, moveFrom, 0);
  }
}
