package dev.copyoffload.transfer;

import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.JavaBase;
import dev.copyoffload.linux.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * Transfers between open files of the JDK's own, or declines so that the JDK's code runs. Safe for
 * use by many threads.
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

  private ChannelOffload() {}

  /** Whether the JDK's own provider, channels and streams ask: all of them are the JDK's own. */
  public static boolean isAskedByJdk() {
    return Completion.isWithAgent();
  }

  /** Whether the JDK's channels are as we know them; once there is native code. */
  public static boolean areKnown() {
    return FileChannelInternals.areKnown();
  }

  private static boolean areWanted() {
    try {
      return !Capability.JDK_SHARES && !"raw".equals(System.getProperty("copyoffload.channels"));
    } catch (SecurityException e) {
      return false;
    }
  }

  private static boolean areOurs() {
    return ARE_WANTED && !isAskedByJdk() && !Platform.isUnavailable();
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
        ? OffloadingChannels.of(raw)
        : raw;
  }

  /** The same for a channel that may be used just for its bytes. */
  public static SeekableByteChannel opened(SeekableByteChannel raw) {
    return raw instanceof FileChannel file ? opened(file) : raw;
  }

  /** A stream that reads the same file, whose transfer is offered, or the given one. */
  public static InputStream opened(InputStream raw) {
    return areOurs() ? new OffloadInputStream(raw) : raw;
  }

  /**
   * Mirrors {@link InputStream#transferTo} for a stream of the JDK's own. Interrupts do nothing, as
   * in the JDK's streams.
   *
   * @param in no stream whose transferTo calls this
   * @return bytes transferred, all that there were, or 0
   */
  public static long transferAll(InputStream in, OutputStream out) throws IOException {
    ChannelTransfer transfer =
        StreamTransfer.mayBeFile(out) && !StreamTransfer.isSmall(in) && HeldChannels.hasStack()
            ? ChannelTransfer.get()
            : null;
    return transfer == null ? 0 : StreamTransfer.run(transfer, in, out);
  }

  /**
   * Does rounds of a loop that reads into a buffer from its beginning, and writes what it read. The
   * loop goes on by itself, and meets whatever ends it.
   *
   * @param in of the JDK's own, with as much to read as is worth it
   * @param length how much the loop reads at once
   * @param keeps whether the loop must leave its buffer as it always does
   * @return bytes transferred, or 0
   */
  public static long transferRounds(InputStream in, OutputStream out, int length, boolean keeps) {
    if (!HeldChannels.hasStack()) {
      return 0;
    }
    ChannelTransfer transfer = ChannelTransfer.get();
    return transfer == null ? 0 : StreamTransfer.run(transfer, in, out, new Rounds(length, keeps));
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
