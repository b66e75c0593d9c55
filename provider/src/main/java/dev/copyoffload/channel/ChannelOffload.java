package dev.copyoffload.channel;

import dev.copyoffload.copy.LoadPolicy;
import dev.copyoffload.linux.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Transfers between open files of the JDK's own, or declines so that the JDK's code runs. Safe for
 * use by many threads.
 */
public final class ChannelOffload {
  /** Nothing was transferred and nothing has changed: the JDK's code must run. */
  public static final long DECLINED = ChannelTransfer.DECLINED;

  /**
   * From 20 on the JDK's own transfers share extents where copy_file_range(2) does, so that its own
   * channels, which nothing can be wrong with, are as good as ours. {@code
   * copyoffload.channels=raw} leaves the JDK's own everywhere.
   */
  private static final boolean ARE_WANTED = areWanted();

  /** The JDK keeps a direct one as large for each thread. */
  private static final int BUFFER_SIZE = 64 << 10;

  /** Set by an agent: the JDK's own channels then ask by themselves. */
  private static volatile boolean channelsAsk;

  private ChannelOffload() {}

  /** Leaves every channel the JDK's own from now on, for transfers of those are offered. */
  public static void channelsAsk() {
    channelsAsk = true;
  }

  private static boolean areWanted() {
    try {
      return Runtime.version().feature() < 20
          && !"raw".equals(System.getProperty("copyoffload.channels"));
    } catch (SecurityException e) {
      return false;
    }
  }

  private static boolean areOurs() {
    return ARE_WANTED && !channelsAsk && !Platform.isUnavailable();
  }

  /**
   * A channel over the same open file whose transfers are offered, or the given one where that
   * cannot be, or while native code is not loaded.
   *
   * @param raw open, of the JDK's own; not to be used any more but by closing it
   * @param name of the file
   */
  public static FileChannel opened(FileChannel raw, Path name) {
    if (areOurs() && Platform.ready() == null) {
      // Not the channel's size: to ask for that closes it when the thread is interrupted.
      LoadPolicy.channelOpened(name);
    }
    return offering(raw);
  }

  /** The same for a channel that may be used just for its bytes. */
  public static SeekableByteChannel opened(SeekableByteChannel raw) {
    return raw instanceof FileChannel file ? offering(file) : raw;
  }

  /**
   * A stream that reads the same file, whose transfer is offered, or the given one.
   *
   * @param name of the file
   */
  public static InputStream opened(InputStream raw, Path name) {
    return areOurs() ? new OffloadInputStream(raw, name) : raw;
  }

  private static FileChannel offering(FileChannel raw) {
    FileChannelInternals internals =
        areOurs() && Platform.ready() != null ? FileChannelInternals.get() : null;
    return internals == null ? raw : OffloadingChannels.of(raw, internals);
  }

  /**
   * Mirrors {@link FileChannel#transferTo} for a channel of the JDK's.
   *
   * @param name of the source, null if unknown
   * @return bytes transferred, more than 0, or {@link #DECLINED}
   * @throws IOException what the JDK throws when a channel is closed during a transfer
   */
  public static long transferTo(
      FileChannel source,
      @Nullable String name,
      long position,
      long count,
      WritableByteChannel target)
      throws IOException {
    if (!isOffered(count) || !(target instanceof FileChannel file)) {
      return DECLINED;
    }
    ChannelTransfer transfer = transferFor(source, name, position, count);
    return transfer == null ? DECLINED : transfer.to(source, position, count, file);
  }

  /**
   * Mirrors {@link FileChannel#transferFrom} for a channel of the JDK's.
   *
   * @param name of the target, null if unknown
   * @return bytes transferred, more than 0, or {@link #DECLINED}
   * @throws IOException what the JDK throws when a channel is closed during a transfer
   */
  public static long transferFrom(
      FileChannel target,
      @Nullable String name,
      ReadableByteChannel source,
      long position,
      long count)
      throws IOException {
    if (!isOffered(count) || !(source instanceof FileChannel file)) {
      return DECLINED;
    }
    ChannelTransfer transfer = transferFor(file, name, 0, count);
    return transfer == null ? DECLINED : transfer.from(file, target, position, count);
  }

  /**
   * Mirrors {@link InputStream#transferTo} for a stream of the JDK's own. Interrupts do nothing, as
   * in the JDK's streams.
   *
   * @param in no stream whose transferTo calls this
   * @param name of the file that it reads
   * @return bytes transferred, all that there were, or {@link #DECLINED}
   */
  public static long transferAll(InputStream in, Path name, OutputStream out) throws IOException {
    return mayGain(in, out) ? transferAll(ChannelTransfer.forFile(name), in, out) : DECLINED;
  }

  /** The same for a stream of which the name must be found out. */
  public static long transferAll(InputStream in, OutputStream out) throws IOException {
    return mayGain(in, out)
        ? transferAll(
            ChannelTransfer.forFile(Platform.ready() == null ? nameOf(in) : null), in, out)
        : DECLINED;
  }

  private static boolean mayGain(InputStream in, OutputStream out) throws IOException {
    return StreamInternals.mayBeFile(out) && !StreamTransfer.isSmall(in) && Bracket.hasStack();
  }

  private static long transferAll(
      @Nullable ChannelTransfer transfer, InputStream in, OutputStream out) throws IOException {
    return transfer == null ? DECLINED : StreamTransfer.run(transfer, in, out);
  }

  private static @Nullable Path nameOf(InputStream in) {
    FileChannel source = StreamInternals.channelOf(in);
    FileChannelInternals internals = FileChannelInternals.get();
    String name = source == null || internals == null ? null : internals.path(source);
    return name == null ? null : Path.of(name);
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
        count < ChannelTransfer.OFFERED_FROM || !Bracket.hasStack()
            ? null
            : transferFor(source, null, sourcePosition, count);
    long done =
        transfer == null
            ? 0
            : Math.max(0, transfer.between(source, sourcePosition, count, target, targetPosition));
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

  /** An interrupted thread finds a channel closed, which one is the JDK's to say. */
  private static boolean isOffered(long count) {
    return count >= ChannelTransfer.OFFERED_FROM
        && !Thread.currentThread().isInterrupted()
        && Bracket.hasStack();
  }

  private static @Nullable ChannelTransfer transferFor(
      FileChannel source, @Nullable String name, long position, long count) throws IOException {
    if (Platform.ready() != null) {
      return ChannelTransfer.forBytes(count, null);
    }
    if (!source.isOpen()) {
      return null;
    }
    long bytes = Math.min(count, source.size() - position);
    return ChannelTransfer.forBytes(bytes, name == null ? null : Path.of(name));
  }
}
