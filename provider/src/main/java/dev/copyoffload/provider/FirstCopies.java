package dev.copyoffload.provider;

import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Completion;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import sun.nio.fs.OffloadKernel;

/**
 * The copies and moves of a new JVM, until one is worth our classes. Safe for use by many threads.
 */
final class FirstCopies {
  /** Bytes of the copies that were left to the JDK. */
  private final AtomicLong bytesLeft = new AtomicLong();

  private final AtomicInteger movesLeft = new AtomicInteger();

  /** Where nothing is shared, as was found last. */
  private volatile long plainDevice;

  /**
   * Whether a copy is left to the JDK, as with those before it gains less than our classes cost:
   * then it is counted.
   *
   * @param size of the source, a regular file, in bytes
   * @param device where it is
   */
  boolean leave(Path source, long size, long device) {
    boolean left = gainLittle(source, size, device);
    if (left) {
      Completion.leave();
    }
    return left;
  }

  /**
   * Whether a move is left to the JDK, since it is mostly a rename, by which nothing is gained, and
   * of a small file else: then it is counted.
   */
  boolean leaveMove(Path source) {
    if (movesLeft.get() >= Tuning.FIRST_MOVES_LEFT) {
      return false;
    }
    long[] found = OffloadKernel.sizeAndDevice(source, false);
    return (found == null || found[0] < Tuning.FIRST_COPY_FROM)
        && movesLeft.incrementAndGet() <= Tuning.FIRST_MOVES_LEFT;
  }

  private boolean gainLittle(Path source, long size, long device) {
    return isOfBlocks(device)
        && (size < Tuning.FIRST_COPY_FROM
            ? !Capability.JDK_SHARES
            : size < Tuning.FIRST_PLAIN_COPY_FROM && sharesNothing(source, device))
        && bytesLeft.addAndGet(Math.max(size, Tuning.FIRST_COPY_COUNTS)) <= Tuning.FIRST_BYTES_LEFT;
  }

  /**
   * Whether a file system is on a block device of its own, as ext4 and xfs are, where small copies
   * gain little. Those of btrfs, overlay, NFS and FUSE have the major number 0.
   */
  private static boolean isOfBlocks(long device) {
    return major(device) != 0;
  }

  /**
   * Whether a file system is known to share no extents: ext4's driver, which ext2 and ext3 have as
   * well, lists its devices.
   */
  private boolean sharesNothing(Path source, long device) {
    if (device != plainDevice) {
      try {
        // The question sets up classes of the JDK, which an overflow would end for ever.
        if (!Completion.hasStack()) {
          return false;
        }
        // The default one may be the program's own.
        FileSystem builtIn = source.getFileSystem();
        Path block = builtIn.getPath("/sys/dev/block", numbers(device));
        Path name = Files.readSymbolicLink(block).getFileName();
        if (!Files.exists(builtIn.getPath("/sys/fs/ext4").resolve(name))) {
          return false;
        }
      } catch (IOException | RuntimeException e) {
        return false;
      }
      plainDevice = device;
    }
    return true;
  }

  /** The major and the minor number of a device. */
  private static String numbers(long device) {
    long minor = ((device >> 12) & ~0xFFL) | (device & 0xFF);
    return Long.toString(major(device)).concat(":").concat(Long.toString(minor));
  }

  /** As in makedev(3). */
  private static long major(long device) {
    return ((device >> 32) & ~0xFFFL) | ((device >> 8) & 0xFFF);
  }
}
