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
 * Transfers what is left of one stream to another, as {@link InputStream#transferTo} does.
 *
 * <p>Reads nothing before both ends are known to be files: what a pipe or a terminal has given must
 * leave at once.
 */
final class StreamTransfer {
  private StreamTransfer() {}

  /**
   * Whether the JDK's loop is as good, because little is left or nobody says how much.
   *
   * @param in of the JDK's own
   */
  static boolean isSmall(InputStream in) throws IOException {
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
  static long run(ChannelTransfer transfer, InputStream in, OutputStream out, Rounds rounds) {
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
  static @Nullable FileChannel channelOf(InputStream in) {
    if (in instanceof OffloadInputStream ours) {
      return channelOf(ours.delegate());
    }
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(in) instanceof FileChannel file
        ? file
        : null;
  }

  /** The file channel that a stream writes, or null if it is not sure to write just that. */
  static @Nullable FileChannel channelOf(OutputStream out) {
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(out) instanceof FileChannel file
        ? file
        : null;
  }

  /**
   * Whether a stream is of one of the JDK's two classes that write files; also true while that of
   * the second is not known.
   */
  static boolean mayBeFile(OutputStream out) {
    return out.getClass() == FileOutputStream.class || out.getClass().getClassLoader() == null;
  }
}
