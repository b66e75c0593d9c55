package dev.copyoffload.engine;

import org.jspecify.annotations.Nullable;

/**
 * What the caller of {@link Engine#copyRange} grants and wants.
 *
 * @param sourceOffsetLock the monitor that everybody holds who uses the source's own offset, or
 *     null; only with one are holes looked for, since lseek(2) moves that offset. Nobody who takes
 *     the monitor finds it moved, or waits while bytes are copied.
 * @param gate which ranges to decline, with nothing moved, for the caller to copy in its own way
 */
public record RangePolicy(@Nullable Object sourceOffsetLock, TransferGate gate) {
  /** Copies whatever is asked, and leaves the source's offset alone: holes are written out. */
  public static final RangePolicy ALWAYS = new RangePolicy(null, TransferGate.OPEN);

  boolean keepsHoles(long length, long unallocated) {
    return sourceOffsetLock != null && TransferGate.keepsHoles(length, unallocated);
  }
}
