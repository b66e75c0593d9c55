package dev.copyoffload.engine;

/**
 * What the caller of {@link Engine#copyWhole} wants of the target beside its bytes.
 *
 * <p>A clone has the holes of its source: whoever wants others has the bytes moved.
 *
 * @param mustShare whether the copy is declined, with nothing moved, where extents cannot be shared
 * @param neverShares whether each byte is stored a second time
 * @param zerosBecomeHoles whether the target has a hole wherever a whole block is zero
 * @param holesAreFilled whether the target has no hole
 */
public record FilePolicy(
    boolean mustShare, boolean neverShares, boolean zerosBecomeHoles, boolean holesAreFilled) {
  /** As {@code cp --reflink=auto --sparse=auto}. */
  public static final FilePolicy USUAL = new FilePolicy(false, false, false, false);

  boolean mayShare() {
    return !(neverShares || zerosBecomeHoles || holesAreFilled);
  }
}
