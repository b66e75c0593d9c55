package dev.copyoffload.transfer;

import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.JavaBase;
import dev.copyoffload.linux.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import sun.nio.ch.OffloadChannels;

/**
 * Opens what offers its transfers, and transfers between offsets of open files. Safe for use by
 * many threads.
 */
public final class ChannelOffload {
  /**
   * From 20 on the JDK's own transfers share extents where copy_file_range(2) does, so that its own
   * channels, which nothing can be wrong with, are as good as ours. {@code
   * copyoffload.channels=raw} leaves the JDK's own everywhere.
   */
  private static final boolean ARE_WANTED = areWanted();

  /** The JDK keeps a direct one as large for each thread. */
  private static final int BUFFER_SIZE = 64 << 10;

  /**
   * Makes channels of the class {@code sun.nio.ch.OffloadFileChannel}. Initialised once java.base
   * can be entered.
   */
  private static final class Extended {
    private static final boolean ARE_DEFINED = define();

    private static boolean define() {
      try {
        OffloadChannels.define(OffloadFileChannelBytes.get());
        OfferingHook.install();
        return true;
      } catch (ReflectiveOperationException
          | RuntimeException
          | LinkageError
          | StackOverflowError e) {
        // Another JDK: its channels do as they did.
        return false;
      }
    }

    /** To close either of the two closes both. */
    static FileChannel of(FileChannel raw) {
      if (!ARE_DEFINED || !OffloadChannels.isExactlyOwn(raw) || OffloadChannels.isDirect(raw)) {
        return raw;
      }
      try {
        return OffloadChannels.extended(raw);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private ChannelOffload() {}

  private static boolean areWanted() {
    try {
      return !Capability.JDK_SHARES && !"raw".equals(System.getProperty("copyoffload.channels"));
    } catch (SecurityException e) {
      return false;
    }
  }

  private static boolean areOurs() {
    return ARE_WANTED && !Completion.isWithAgent() && !Platform.isUnavailable();
  }

  /**
   * A channel over the same open file whose transfers are offered, or the given one where that
   * cannot be, or where there is no native code.
   *
   * @param raw open, of the JDK's own; not to be used any more but by closing it
   */
  public static FileChannel opened(FileChannel raw) {
    // To open a channel loads no native code: few programs transfer.
    return areOurs()
            && (Platform.loaded() != null || JavaBase.enterIfOpen())
            && FileChannelInternals.areKnown()
        ? Extended.of(raw)
        : raw;
  }

  /** A channel that offers its transfers, for one that may be used just for its bytes. */
  public static SeekableByteChannel opened(SeekableByteChannel raw) {
    return raw instanceof FileChannel file ? opened(file) : raw;
  }

  /** A stream that reads the same file, whose transfer is offered, or the given one. */
  public static InputStream opened(InputStream raw) {
    return areOurs() ? new OffloadInputStream(raw) : raw;
  }

  /**
   * Transfers between offsets of two files, whatever class their channels are of; neither position
   * moves.
   *
   * @return bytes transferred, less than {@code count} only where the source ended
   * @throws IOException what reading or writing throws
   */
  public static long transferBetween(
      FileChannel source, long sourcePosition, long count, FileChannel target, long targetPosition)
      throws IOException {
    if (sourcePosition < 0 || targetPosition < 0 || count < 0) {
      throw new IllegalArgumentException(
          "negative: " + sourcePosition + ", " + targetPosition + ", " + count);
    }
    ChannelTransfer transfer =
        TransferGate.RANGES.offers(count) && HeldChannels.hasStack() ? ChannelTransfer.get() : null;
    long done =
        transfer == null
            ? 0
            : transfer.between(source, sourcePosition, count, target, targetPosition);
    // No file has bytes further on, and the kernel refuses to look there.
    long most = Math.min(count, Long.MAX_VALUE - sourcePosition);
    // What is left when nothing is left to read still has to be found out: by a read.
    int capacity = (int) Math.min(most - done, BUFFER_SIZE);
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    do {
      buffer.clear().limit((int) Math.min(capacity, most - done));
      if (source.read(buffer, sourcePosition + done) < 0) {
        return done;
      }
      buffer.flip();
      do {
        done += target.write(buffer, targetPosition + done);
      } while (buffer.hasRemaining());
    } while (done < most);
    return done;
  }
}
