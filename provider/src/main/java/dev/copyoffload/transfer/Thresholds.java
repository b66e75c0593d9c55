package dev.copyoffload.transfer;

import dev.copyoffload.engine.Tuning;

/**
 * From which size on a transfer gains by being ours, in bytes; RATIONALE.md has the figures.
 *
 * @param offeredFrom below this nothing is gained
 * @param toMovedFrom below this {@code transferTo} moves bytes as fast
 * @param fromMovedFrom below this {@code transferFrom} moves bytes as fast
 * @param toSharedFrom below this {@code transferTo} moves bytes faster than they are shared where
 *     that is slow
 * @param jdkShares whether the JDK's own transfers call copy_file_range(2), which shares extents
 *     where that can be
 */
record Thresholds(
    long offeredFrom, long toMovedFrom, long fromMovedFrom, long toSharedFrom, boolean jdkShares) {
  private static final long MIB = 1 << 20;

  /** JDK 17 has sendfile(2) in one direction, and maps the source in the other. */
  private static final Thresholds BEFORE_20 =
      new Thresholds(Tuning.OFFERED_FROM, 8 * MIB, 0, MIB / 4, false);

  private static final Thresholds FROM_20 = new Thresholds(MIB, 8 * MIB, 8 * MIB, 0, true);

  static Thresholds ofThisJdk() {
    return Runtime.version().feature() < 20 ? BEFORE_20 : FROM_20;
  }
}
