package dev.copyoffload.copy;

import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides when native code is worth loading, and when it is worth waiting for.
 *
 * <p>RATIONALE.md has the figures: loading takes 100 to 200 ms.
 */
public final class LoadPolicy {
  /** A copy of this much is a sign that more will come. */
  static final long LOAD_FROM = 64L << 10;

  /** A channel to a file of this size is a sign that it will be transferred. */
  static final long LOAD_FROM_CHANNEL = 1 << 20;

  /**
   * So much in smaller ones is one as well, if each counts for a block more than it has, where
   * extents can be shared; little else is gained with those.
   */
  static final long LOAD_TO_SHARE_FROM_SUM = 128L << 20;

  /** The same where they cannot, or where the JDK shares them. */
  static final long LOAD_FROM_SUM = 1L << 30;

  private static final int BLOCK = 4 << 10;

  /** Moving this much faster, or leaving its holes out, gains more than the load takes. */
  static final long WAIT_FROM = 1L << 30;

  /** Sharing this much instead of moving it through user space gains more than the load takes. */
  static final long WAIT_TO_SHARE_FROM = 128L << 20;

  /** A loading thread that takes longer waits for something that the copying thread holds. */
  private static final long LONGEST_WAIT_SECONDS = 1;

  private static final Set<String> SHARING =
      Set.of("btrfs", "xfs", "overlay", "bcachefs", "zfs", "nfs4", "cifs", "smb3", "ocfs2");

  /** From 20 on the JDK's own Files.copy shares extents where copy_file_range does. */
  static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private static final AtomicLong IN_SMALL_FILES = new AtomicLong();

  private LoadPolicy() {}

  /**
   * The system calls if they are loaded, or worth waiting for to copy {@code source}; else null.
   */
  public static @Nullable SystemCalls callsFor(Path source) {
    SystemCalls calls = Platform.ready();
    return calls != null ? calls : load(source, sizeOf(source));
  }

  /**
   * The same for a part of a file that is open.
   *
   * @param source its name, null if unknown
   * @param bytes how much of it is to be copied
   */
  public static @Nullable SystemCalls callsFor(@Nullable Path source, long bytes) {
    SystemCalls calls = Platform.ready();
    return calls != null || Platform.isUnavailable() ? calls : load(source, bytes);
  }

  private static @Nullable SystemCalls load(@Nullable Path source, long size) {
    if (isWorthWaiting(source, size)) {
      return Loading.now(LONGEST_WAIT_SECONDS);
    }
    if (isSign(source, size, LOAD_FROM)) {
      Loading.inBackground();
    }
    return null;
  }

  private static boolean isSign(@Nullable Path source, long size, long from) {
    if (size >= from) {
      return true;
    }
    long before = IN_SMALL_FILES.getAndAdd(BLOCK + size);
    long sum = before + BLOCK + size;
    // Now and then: what a file system is takes longer to find out than a small copy.
    return sum / LOAD_TO_SHARE_FROM_SUM > before / LOAD_TO_SHARE_FROM_SUM
        && (sum >= LOAD_FROM_SUM || gainsBySharing(source));
  }

  /** Takes notice of a channel to a file: what it is for is not known yet. */
  public static void channelOpened(Path file) {
    if (isSign(file, sizeOf(file), LOAD_FROM_CHANNEL)) {
      Loading.inBackground();
    }
  }

  /**
   * The same for a move, which copies only from one device to another: a rename must not load
   * anything.
   */
  static @Nullable SystemCalls callsFor(Path source, Path target) {
    SystemCalls calls = Platform.ready();
    return calls != null || (sizeOf(source) >= LOAD_FROM && isAcross(source, target))
        ? callsFor(source)
        : null;
  }

  private static boolean isAcross(Path source, Path target) {
    Path parent = target.toAbsolutePath().getParent();
    try {
      return parent != null
          && !Files.getAttribute(source, "unix:dev", LinkOption.NOFOLLOW_LINKS)
              .equals(Files.getAttribute(parent, "unix:dev"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // The move itself will tell.
      return false;
    }
  }

  private static boolean isWorthWaiting(@Nullable Path source, long size) {
    return size >= WAIT_FROM || (size >= WAIT_TO_SHARE_FROM && gainsBySharing(source));
  }

  private static boolean gainsBySharing(@Nullable Path source) {
    if (JDK_SHARES || source == null) {
      return false;
    }
    try {
      return SHARING.contains(Files.getFileStore(source).type());
    } catch (IOException e) {
      // The copy itself will tell; it is not this question's to fail.
      return false;
    }
  }

  /**
   * The size of a file in bytes, at the price of one stat(2); 0 for what has none, is missing or
   * cannot be asked. Devices and FIFOs have none, directories may have one.
   */
  private static long sizeOf(Path source) {
    // The JDK's copy asks in the same way, so this is compiled soon: small copies pay for it until
    // native code is loaded.
    try {
      return Files.readAttributes(source, BasicFileAttributes.class).size();
    } catch (IOException e) {
      return 0;
    }
  }
}
