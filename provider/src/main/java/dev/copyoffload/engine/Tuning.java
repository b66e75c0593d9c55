package dev.copyoffload.engine;

/**
 * Sizes and times that are a matter of measurement: change none without the figures.
 *
 * <p>Behind each stands the row of {@code examples/benchmarks} that would move it; why it is what
 * it is says RATIONALE.md. What the kernel, a file system or a standard prescribes is not here, but
 * where it is used.
 */
public final class Tuning {
  private Tuning() {}

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  // --- Sharing --------------------------------------------------------------------------------

  /** Bytes from which a whole file is shared. {@code Files.copy 4 KiB btrfs}. */
  static final long SHARE_FILE_FROM = 4 * KIB;

  /**
   * Bytes from which a file is shared though it is not on the disk yet, which the kernel then waits
   * for. {@code Files.copy 16 KiB xfs}.
   */
  static final long SHARE_UNWRITTEN_FROM = 64 * KIB;

  /** Seconds after a change for which a file may not be on the disk: twice what Linux waits. */
  static final long WRITTEN_AFTER_SECONDS = 60;

  /** Bytes of whole blocks from which a range is shared. {@code transferTo 64 KiB btrfs}. */
  static final long SHARE_RANGE_FROM = 64 * KIB;

  /**
   * Bytes from which a device is asked again though it shared nothing, and from which the question
   * does not show in the time. {@code Files.copy 1 MiB ext4}.
   */
  static final long ASK_AGAIN_FROM = MIB;

  /** Devices, and pairs of them, that are remembered to share nothing. {@code Files.copy 4 KiB}. */
  static final int REMEMBERED_DEVICES = 64;

  // --- A new JVM --------------------------------------------------------------------------------

  /**
   * Bytes of a file that is worth our classes where it may be shared: some 8 ms of a new JVM, which
   * copies 200 small ones in that time. A JDK that shares takes as long for its own first copy, so
   * smaller ones are worth them there. {@code new JVM, 4,000 x 4 KiB xfs}.
   */
  public static final long FIRST_COPY_FROM = 64 * KIB;

  /**
   * Bytes of a file that is worth our classes where nothing is shared, but moved faster and holes
   * are left. {@code new JVM, 1,000 x 64 KiB ext4}.
   */
  public static final long FIRST_PLAIN_COPY_FROM = MIB;

  /**
   * Bytes of smaller ones after which our classes are worth it all the same, as these would have
   * gained what the classes cost. {@code new JVM, 50 x 4 MiB ext4}.
   */
  public static final long FIRST_BYTES_LEFT = 64 * MIB;

  /** Bytes that the smallest of them counts. */
  public static final long FIRST_COPY_COUNTS = 4 * KIB;

  /**
   * Moves of smaller ones that are left to the JDK lean: by then the looks at them have taken what
   * our classes do. RATIONALE, "The first copies".
   */
  public static final int FIRST_MOVES_LEFT = 512;

  /**
   * Transfers below {@link #MOVED_FROM} that are left to a JDK that shares by itself: it does them
   * as well but for holes. {@code new JVM, transferTo 200 x 1 MiB}.
   */
  public static final int FIRST_TRANSFERS_LEFT = 1_024;

  /**
   * Bytes of a loop that copies them in the time that the first transfer of a JVM takes, some 10
   * ms. RATIONALE, "Loops are woven without a library".
   */
  public static final long FIRST_LOOP_FROM = MIB;

  /**
   * Bytes of smaller ones after which a first transfer is worth it all the same: so many take as
   * long. RATIONALE, "Loops are woven without a library".
   */
  public static final long FIRST_LOOPS_LEFT = 16 * MIB;

  // --- Moving ---------------------------------------------------------------------------------

  /** Bytes from which a pipe pays for being set up. {@code Files.copy 1 MiB ext4}. */
  static final long SPLICE_FROM = 256 * KIB;

  /** Bytes of a pipe: what a splice takes at once becomes one folio. {@code Files.copy 1 GiB}. */
  static final int PIPE = 256 * KIB;

  /** Bytes of the narrowest pipe that is worth its calls. {@code Files.copy 64 MiB ext4}. */
  static final int NARROWEST_PIPE = 128 * KIB;

  /** Bytes of a buffer, which fits the second-level cache. {@code Files.copy 64 KiB ext4}. */
  static final int BUFFER = 256 * KIB;

  /** Idle pipes, and idle buffers, that are kept. {@code copyTree 20,000 x 4 KiB}. */
  static final int IDLE_KEPT = 2;

  /** Nanoseconds for which no memory is asked for once the JVM has refused it, in half a second. */
  static final long REFUSAL_HOLDS_NANOS = 30_000_000_000L;

  /**
   * Bytes that are reserved at a time: what a killed copy leaves behind at most, and others lack
   * meanwhile. {@code Files.copy 64 MiB ext4}.
   */
  static final long RESERVED_AHEAD = 32L * MIB;

  // --- Holes ----------------------------------------------------------------------------------

  /** Bytes of a hole that is quicker left out than copied. {@code Files.copy 1 GiB sparse}. */
  static final long SMALLEST_HOLE = 32 * KIB;

  /** Smaller holes in a row after which nothing is asked for a while. {@code 64 MiB fragmented}. */
  static final int MOST_SMALL_HOLES = 4;

  /** Bytes that are then copied without a question. {@code 64 MiB fragmented}. */
  static final long FRAGMENTED = 8 * MIB;

  // --- What somebody may want to end ------------------------------------------------------------

  /** Bytes of one call then: a few milliseconds. {@code Files.copy INTERRUPTIBLE 1 GiB}. */
  static final long CANCELLABLE_CHUNK = 8 * MIB;

  /** Bytes of one call after quick ones, as clones are: some hundred milliseconds at worst. */
  static final long LARGEST_CANCELLABLE_CHUNK = 64 * MIB;

  /** Nanoseconds of a quick call. */
  static final long QUICK_NANOS = 1_000_000;

  /** Bytes from which a copy of a tree's file is made so that it can be ended. {@code copyTree}. */
  public static final long INTERRUPTIBLE_FROM = 64 * MIB;

  /** Bytes from which a listener is told of a single file before its end. {@code CopyProgress}. */
  public static final long TOLD_FROM = MIB;

  /** Bytes after which a listener is told again. {@code CopyProgress}. */
  public static final long TELL_EACH_BYTES = 64 * MIB;

  /** Nanoseconds after which a listener is told again. {@code CopyProgress}. */
  public static final long TELL_EACH_NANOS = 100_000_000;

  // --- Transfers between open files ------------------------------------------------------------

  /**
   * Bytes below which the JDK's own call is as good as done when ours has only asked what there is.
   * {@code transferTo 64 KiB}.
   */
  public static final long OFFERED_FROM = 64 * KIB;

  /** {@link #OFFERED_FROM} where the JDK calls copy_file_range(2). {@code transferTo 1 MiB, 25}. */
  public static final long OFFERED_FROM_TO_A_JDK_THAT_SHARES = MIB;

  /** Bytes from which ours moves faster than sendfile(2). {@code transferTo 16 MiB ext4}. */
  public static final long MOVED_FROM = 8 * MIB;

  /** Bytes that xfs shares in the time that sendfile(2) takes. {@code transferTo 256 KiB xfs}. */
  static final long SLOWLY_SHARED_FROM = MIB / 4;

  /** Bytes below which a look for holes shows in the time. {@code transferTo 1 MiB ext4}. */
  static final long LOOKED_AT_FROM = MIB;

  /** Bytes below which it shows what it costs to be declined. {@code transferTo 1 MiB ext4}. */
  public static final long SMALL_TRANSFER = 2 * MIB;

  /** Small transfers declined in a row after which few are asked. {@code transferTo 64 KiB}. */
  public static final int PATIENCE = 16;

  /** One in so many is then asked: a power of two. {@code transferTo 64 KiB}. */
  public static final int ONE_IN = 64;

  /** Bytes that the JDK reads at once: a stream with less is its own. {@code transferTo 4 KiB}. */
  public static final int SMALL_STREAM = 8 * KIB;

  // --- Trees --------------------------------------------------------------------------------

  /** Files that are handed to another thread at once. {@code copyTree 2,000 x 4 KiB}. */
  public static final int FILES_AT_ONCE = 32;

  /** Bytes that are work for one thread, however few files. {@code copyTree 2,000 x 4 KiB}. */
  public static final long BYTES_AT_ONCE = MIB;

  /** Bytes that every file system deduplicates in one call. {@code dedupe}. */
  public static final long DEDUPED_AT_ONCE = 16 * MIB;
}
