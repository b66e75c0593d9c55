package dev.copyoffload.transfer;

import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.engine.Tuning;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.OffloadChannels;

/**
 * Transfers what is left of one stream to another, as {@link InputStream#transferTo} or a loop
 * does.
 *
 * <p>Reads nothing before both ends are known to be files: what a pipe or a terminal has given must
 * leave at once.
 */
final class StreamTransfer {
  private StreamTransfer() {}

  /**
   * Mirrors {@link InputStream#transferTo} for a stream of the JDK's own. Interrupts do nothing, as
   * in the JDK's streams.
   *
   * @param in no stream whose transferTo calls this
   * @return bytes transferred, all that there were, or 0
   */
  static long all(InputStream in, OutputStream out) throws IOException {
    ChannelTransfer transfer =
        mayBeFile(out) && !isSmall(in) && HeldChannels.hasStack() ? ChannelTransfer.get() : null;
    return transfer == null ? 0 : run(transfer, in, out);
  }

  /**
   * Does rounds of a loop that reads into a buffer from its beginning, and writes what it read. The
   * loop goes on by itself, and meets whatever ends it.
   *
   * @param in of the JDK's own, with as much to read as is worth it
   * @param unit bytes of so many rounds as may be done together
   * @param keeps whether the loop must leave buffers as it always does
   * @return bytes transferred, or 0
   */
  static long rounds(InputStream in, OutputStream out, int unit, boolean keeps) {
    if (!HeldChannels.hasStack()) {
      return 0;
    }
    ChannelTransfer transfer = ChannelTransfer.get();
    return transfer == null ? 0 : run(transfer, in, out, new Rounds(unit, keeps));
  }

  /**
   * Whether the JDK's loop is as good, because little is left or nobody says how much.
   *
   * @param in of the JDK's own
   */
  private static boolean isSmall(InputStream in) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    if (in.getClass() != FileInputStream.class) {
      if (!FileChannelInternals.areKnown()) {
        return false;
      }
      FileChannel source = channelOf(in);
      // Any other class may do anything when it is asked.
      return source == null
          || !OffloadChannels.isOwn(source)
          || !TransferGate.STREAMS.offers(source.size());
    }
    try {
      return !TransferGate.STREAMS.offers(in.available());
    } catch (IOException e) {
      // Closed, or one that cannot tell: a read will say.
      return true;
    }
  }

  /** Returns the bytes transferred, all that were left, or 0. */
  static long run(ChannelTransfer transfer, InputStream in, OutputStream out) throws IOException {
    FileChannel source = channelOf(in);
    FileChannel target = channelOf(out);
    if (source == null || target == null) {
      return 0;
    }
    long transferred = transfer.rest(source, target);
    if (transferred == 0) {
      return 0;
    }
    // Where the end is, only a read knows; and why a write fails, only a write says.
    byte[] buffer = new byte[Tuning.SMALL_STREAM];
    int read;
    while ((read = in.read(buffer)) >= 0) {
      out.write(buffer, 0, read);
      transferred += read;
    }
    return transferred;
  }

  /** Returns the bytes transferred, or 0: a loop goes on by itself. */
  private static long run(
      ChannelTransfer transfer, InputStream in, OutputStream out, Rounds rounds) {
    FileChannel source = channelOf(in);
    FileChannel target = channelOf(out);
    return source == null || target == null
        ? 0
        : transfer.rounds(
            source, target, rounds, mayInterrupt(in, source) || mayInterrupt(out, target));
  }

  /** Whether a stream, unlike those that Files opens, ends with an interrupt. */
  private static boolean mayInterrupt(Object stream, FileChannel channel) {
    return stream.getClass() != FileInputStream.class
        && stream.getClass() != FileOutputStream.class
        && !OffloadChannels.isUninterruptible(channel);
  }

  /** The file channel that a stream reads, or null if it is not sure to read just that. */
  private static @Nullable FileChannel channelOf(InputStream in) {
    if (in instanceof OffloadInputStream ours) {
      return channelOf(ours.delegate());
    }
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(in) instanceof FileChannel file
        ? file
        : null;
  }

  /** The file channel that a stream writes, or null if it is not sure to write just that. */
  private static @Nullable FileChannel channelOf(OutputStream out) {
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(out) instanceof FileChannel file
        ? file
        : null;
  }

  /**
   * Whether a stream is of one of the JDK's two classes that write files; also true while that of
   * the second is not known.
   */
  private static boolean mayBeFile(OutputStream out) {
    return out.getClass() == FileOutputStream.class || out.getClass().getClassLoader() == null;
  }
}
