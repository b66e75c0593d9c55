package dev.copyoffload.engine;

/**
 * Which ranges between open files gain by being ours, and by what; {@link Tuning} has the sizes.
 *
 * <p>The one place where that is decided, from nothing but what its caller knows by then: each
 * question is asked again when more is known, and whatever takes a system call is asked for last.
 *
 * @param jdkShares whether the code that does it otherwise shares extents by itself, and so does as
 *     well on a file system that shares or copies
 * @param offeredFrom bytes below which nothing is gained, whatever the files are
 * @param movedFrom bytes below which the other code moves a range as fast
 * @param slowlySharedFrom bytes below which it moves a range faster than one is shared where that
 *     is slow
 * @param holesFrom bytes below which it moves a range faster than its holes are looked for
 */
public record TransferGate(
    boolean jdkShares, long offeredFrom, long movedFrom, long slowlySharedFrom, long holesFrom) {
  /** Streams and loops over them, which read and write. */
  public static final TransferGate STREAMS = new TransferGate(false, Tuning.OFFERED_FROM, 0, 0, 0);

  /** What {@code CopyOffload.transfer} reads and writes else. */
  public static final TransferGate RANGES =
      new TransferGate(false, Tuning.OFFERED_FROM, 0, 0, Tuning.LOOKED_AT_FROM);

  public TransferGate {
    if (offeredFrom < 0 || movedFrom < 0 || slowlySharedFrom < 0 || holesFrom < 0) {
      throw new IllegalArgumentException("negative");
    }
  }

  /** For {@code FileChannel.transferTo}, which calls sendfile(2) or copy_file_range(2). */
  public static TransferGate transferTo(boolean jdkShares) {
    return new TransferGate(
        jdkShares,
        jdkShares ? Tuning.OFFERED_FROM_TO_A_JDK_THAT_SHARES : Tuning.OFFERED_FROM,
        Tuning.MOVED_FROM,
        jdkShares ? 0 : Tuning.SLOWLY_SHARED_FROM,
        Tuning.LOOKED_AT_FROM);
  }

  /** For {@code FileChannel.transferFrom}, which maps the source or calls copy_file_range(2). */
  public static TransferGate transferFrom(boolean jdkShares) {
    return jdkShares
        ? new TransferGate(true, Tuning.OFFERED_FROM_TO_A_JDK_THAT_SHARES, Tuning.MOVED_FROM, 0, 0)
        : STREAMS;
  }

  /** Whether a range may gain, as far as its length tells. */
  public boolean offers(long length) {
    return length >= offeredFrom;
  }

  /** Whether that many bytes gain by being moved by us. */
  boolean moves(long length) {
    return length >= movedFrom;
  }

  /**
   * Whether to try to share a range.
   *
   * @param refused whether the devices of the two files, or of the source, shared nothing before
   * @param slowly whether a file system takes long to share
   */
  boolean shares(long length, boolean refused, boolean slowly) {
    return length >= Tuning.SHARE_RANGE_FROM
        // A device number can come to name another file system.
        && (!refused || (length >= Tuning.ASK_AGAIN_FROM && moves(length)))
        && (!slowly || length >= slowlySharedFrom);
  }

  /** Whether to look for holes in a source that has so many bytes fewer on disk than its size. */
  static boolean keepsHoles(long length, long unallocated) {
    return length >= Tuning.SHARE_RANGE_FROM && unallocated >= Tuning.SMALLEST_HOLE;
  }

  /** Whether to look for holes at all, of as many bytes as are asked for. */
  public boolean looksForHoles(long count) {
    return count >= holesFrom;
  }

  /**
   * Whether a range that is offered is the other code's all the same, after one look at its source.
   *
   * @param refused whether the source's device shared nothing before
   * @param unallocated how many bytes fewer it has on disk than its size, if holes are looked for
   */
  public boolean leaves(long length, boolean refused, long unallocated) {
    return !offers(length) || (!moves(length) && refused && unallocated <= 0);
  }
}
