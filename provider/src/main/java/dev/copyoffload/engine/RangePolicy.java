package dev.copyoffload.engine;

import org.jspecify.annotations.Nullable;

/**
 * What the caller of {@link Engine#copyRange} grants and wants.
 *
 * @param sourceOffsetLock the monitor that everybody holds who uses the source's own offset, or
 *     null; only with one are holes looked for, since lseek(2) moves that offset. Nobody who takes
 *     the monitor finds it moved, or waits while bytes are copied.
 * @param moveFrom bytes, not negative: a shorter range that cannot be shared and has no holes is
 *     declined, with nothing moved, for the caller to copy in its own way; 0 to decline nothing
 * @param slowlySharedFrom bytes, not negative: a shorter range is not shared where that takes long
 */
public record RangePolicy(@Nullable Object sourceOffsetLock, long moveFrom, long slowlySharedFrom) {
  /** Copies whatever is asked, and leaves the source's offset alone: holes are written out. */
  public static final RangePolicy ALWAYS = new RangePolicy(null, 0);

  public RangePolicy {
    if (moveFrom < 0 || slowlySharedFrom < 0) {
      throw new IllegalArgumentException("negative: " + moveFrom + ", " + slowlySharedFrom);
    }
  }

  /** Shares whatever can be. */
  public RangePolicy(@Nullable Object sourceOffsetLock, long moveFrom) {
    this(sourceOffsetLock, moveFrom, 0);
  }
}
