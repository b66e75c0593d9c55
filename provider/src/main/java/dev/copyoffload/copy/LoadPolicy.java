package dev.copyoffload.copy;

import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides when native code is worth loading, and when it is worth waiting for.
 *
 * <p>RATIONALE.md has the figures: loading takes 100 to 200 ms.
 */
final class LoadPolicy {
  /** A program whose copies are all smaller never loads anything. */
  static final long LOAD_FROM = 64L << 10;

  /** Moving this much faster, or leaving its holes out, gains more than the load takes. */
  static final long WAIT_FROM = 1L << 30;

  /** Sharing this much instead of moving it through user space gains more than the load takes. */
  static final long WAIT_TO_SHARE_FROM = 128L << 20;

  private static final Set<String> SHARING =
      Set.of("btrfs", "xfs", "overlay", "bcachefs", "zfs", "nfs4", "cifs", "smb3", "ocfs2");

  /** From 20 on the JDK's own Files.copy shares extents where copy_file_range does. */
  private static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private LoadPolicy() {}

  /**
   * The system calls if they are loaded, or worth waiting for to copy {@code source}; else null.
   */
  static @Nullable SystemCalls callsFor(Path source) {
    SystemCalls calls = Platform.ready();
    if (calls != null || Platform.isSettled()) {
      return calls;
    }
    long size = regularSize(source);
    if (size < LOAD_FROM) {
      return null;
    }
    if (isWorthWaiting(source, size)) {
      return Platform.load();
    }
    Platform.loadInBackground();
    return null;
  }

  private static boolean isWorthWaiting(Path source, long size) {
    if (size >= WAIT_FROM) {
      return true;
    }
    if (JDK_SHARES || size < WAIT_TO_SHARE_FROM) {
      return false;
    }
    try {
      return SHARING.contains(Files.getFileStore(source).type());
    } catch (IOException e) {
      // The copy itself will tell; it is not this question's to fail.
      return false;
    }
  }

  private static long regularSize(Path source) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class);
      return attributes.isRegularFile() ? attributes.size() : 0;
    } catch (IOException e) {
      // A missing or unreadable source is for the JDK to report.
      return 0;
    }
  }
}
