package dev.copyoffload.transfer;

import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Completion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import sun.nio.ch.TransferHook;

/** Answers what the JDK's channels and streams ask. */
public final class OfferingHook extends TransferHook {
  /** Transfers that were the JDK's. */
  private final AtomicInteger left = new AtomicInteger();

  /** Bytes of loops that went on by themselves. */
  private final AtomicLong inLoops = new AtomicLong();

  private OfferingHook() {}

  /**
   * Answers from now on. Here, since a class that names this one is not verified without the class
   * that it extends, which may not be there.
   */
  public static void install() {
    TransferHook.install(new OfferingHook());
  }

  @Override
  protected boolean hasToBegin() {
    return Completion.awaitsStreams();
  }

  @Override
  protected void begin() {
    Completion.weaveStreams();
  }

  @Override
  protected long to(FileChannel source, long position, long count, FileChannel target)
      throws IOException {
    ChannelTransfer transfer = isOffered(source, count) ? ChannelTransfer.get() : null;
    return transfer == null ? 0 : transfer.to(source, position, count, target);
  }

  @Override
  protected long from(FileChannel target, FileChannel source, long position, long count)
      throws IOException {
    ChannelTransfer transfer = isOffered(source, count) ? ChannelTransfer.get() : null;
    return transfer == null ? 0 : transfer.from(source, target, position, count);
  }

  @Override
  protected long all(InputStream in, OutputStream out) throws IOException {
    return Completion.ensureTransfers() ? StreamTransfer.all(in, out) : 0;
  }

  @Override
  protected boolean offersLoop(int bytes) {
    return bytes >= Tuning.OFFERED_FROM
        && (Completion.isBegun()
            || bytes >= Tuning.FIRST_LOOP_FROM
            || inLoops.addAndGet(bytes) > Tuning.FIRST_LOOPS_LEFT);
  }

  @Override
  protected long some(InputStream in, OutputStream out, int unit, boolean keeps) {
    return Completion.ensureTransfers() ? StreamTransfer.rounds(in, out, unit, keeps) : 0;
  }

  /**
   * Whether a transfer loads what decides on it. An interrupted thread finds a channel closed;
   * which one, is the JDK's to say.
   */
  private boolean isOffered(FileChannel source, long count) throws IOException {
    if (count < Tuning.OFFERED_FROM || Thread.currentThread().isInterrupted()) {
      return false;
    }
    if (!Completion.isBegun() && gainsLittle(source, count)) {
      Completion.leave();
      return false;
    }
    return Completion.ensureTransfers();
  }

  /** Whether a transfer, and those before it, gain less than our classes cost. */
  private boolean gainsLittle(FileChannel source, long count) throws IOException {
    return Capability.JDK_SHARES
        && (count < Tuning.OFFERED_FROM_TO_A_JDK_THAT_SHARES
            || ((count < Tuning.MOVED_FROM || source.size() < Tuning.MOVED_FROM)
                && left.incrementAndGet() <= Tuning.FIRST_TRANSFERS_LEFT));
  }
}
