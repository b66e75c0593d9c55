package dev.copyoffload.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Transfers what is left of one stream to another, as {@link InputStream#transferTo} does.
 *
 * <p>Reads as the JDK does, and keeps what it reads, until there is enough to be worth a question:
 * to ask about a file of some blocks takes a tenth of the time to copy it. What was read is then
 * offered again with the rest, so that the copy shares its first blocks too.
 */
final class StreamTransfer {
  /** What the JDK reads at once. */
  private static final int AT_ONCE = 8 << 10;

  private static final int MOST_KEPT = (int) ChannelTransfer.OFFERED_FROM;

  /** To allocate so much shows in the time of a small copy. */
  private static final AtomicReferenceArray<byte @Nullable []> IDLE =
      new AtomicReferenceArray<>(16);

  private final ChannelTransfer transfer;
  private final InputStream in;
  private final OutputStream out;

  /**
   * A transfer that has not begun.
   *
   * @param in of the JDK's own
   * @param out of the JDK's own: it gets an array that is used again
   */
  StreamTransfer(ChannelTransfer transfer, InputStream in, OutputStream out) {
    this.transfer = transfer;
    this.in = in;
    this.out = out;
  }

  /** Returns the bytes transferred: all that were left. */
  long run() throws IOException {
    int slot = (int) Thread.currentThread().getId() & (IDLE.length() - 1);
    byte[] idle = IDLE.getAndSet(slot, null);
    byte[] buffer = idle == null ? new byte[MOST_KEPT] : idle;
    try {
      return run(buffer);
    } finally {
      IDLE.set(slot, buffer);
    }
  }

  private long run(byte[] buffer) throws IOException {
    int kept = 0;
    int read = 0;
    int limit = AT_ONCE;
    while (read >= 0 && kept < limit) {
      read = in.read(buffer, kept, Math.min(AT_ONCE, limit - kept));
      kept += Math.max(0, read);
      if (kept == AT_ONCE && isTargetReady()) {
        limit = MOST_KEPT;
      }
    }
    long transferred = read < 0 || limit == AT_ONCE ? 0 : offload(kept);
    if (transferred == 0) {
      for (int from = 0; from < kept; from += AT_ONCE) {
        out.write(buffer, from, Math.min(AT_ONCE, kept - from));
      }
      transferred = kept;
    }
    while (read >= 0) {
      read = in.read(buffer, 0, AT_ONCE);
      if (read > 0) {
        out.write(buffer, 0, read);
        transferred += read;
      }
    }
    return transferred;
  }

  /**
   * Whether a write will not fail for a reason that is known: the JDK would have read less then.
   */
  private boolean isTargetReady() {
    FileChannel target = StreamInternals.channelOf(out);
    return target != null && target.isOpen() && !Thread.currentThread().isInterrupted();
  }

  private long offload(long alreadyRead) throws IOException {
    FileChannel source = StreamInternals.channelOf(in);
    FileChannel target = source == null ? null : StreamInternals.channelOf(out);
    return source == null || target == null
        ? 0
        : Math.max(0, transfer.rest(source, alreadyRead, target));
  }
}
