package dev.copyoffload.engine;

/**
 * What the caller of {@link Engine#copyWhole} wants of the target beside its bytes.
 *
 * <p>A clone has the holes of its source: whoever wants others has the bytes moved.
 */
public record FilePolicy(Sharing sharing, Holes holes) {
  /** As {@code cp --reflink=auto --sparse=auto}. */
  public static final FilePolicy USUAL = new FilePolicy(Sharing.WHERE_POSSIBLE, Holes.AS_IN_SOURCE);

  /** Whether the target may use the source's extents. */
  public enum Sharing {
    WHERE_POSSIBLE,
    /** The copy is declined, with nothing moved, where extents cannot be shared. */
    REQUIRED,
    /** Each byte is stored a second time. */
    NEVER
  }

  /** Where the target has holes. */
  public enum Holes {
    AS_IN_SOURCE,
    /** Wherever a whole block is zero. */
    WHEREVER_ZERO,
    NEVER
  }

  boolean mayShare() {
    return sharing != Sharing.NEVER && holes == Holes.AS_IN_SOURCE;
  }
}
