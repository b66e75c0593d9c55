package dev.copyoffload.transfer;

import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Reason;
import dev.copyoffload.linux.Blocking;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.List;
import sun.nio.ch.OffloadChannels;

/**
 * Keeps two of the JDK's file channels from being closed under a native call, as their own code
 * does: a thread that closes one signals the thread inside and waits until it has left.
 *
 * <p>Nobody else's code may run inside, such as a listener or a logger: what closes a channel waits
 * for it, and an interruptible channel used there would take the place of this one.
 *
 * <p>A channel itself, for the length of one transfer, because that is how Java tells who is to be
 * closed when a thread is interrupted.
 */
abstract class HeldChannels extends AbstractInterruptibleChannel implements Cancellation {
  /** What a transfer needs of the stack until its code is compiled, three times over. */
  private static final int KIB_LEFT = 16;

  /** What the first one needs, which links and initialises all that it calls. */
  private static final int KIB_OF_THE_FIRST = 128;

  private static volatile boolean isFirst = true;

  final FileChannel source;
  final FileChannel target;
  private final boolean endsWithInterrupt;
  private List<FileChannel> closedByInterrupt = List.of();

  /**
   * Names the two.
   *
   * @param endsWithInterrupt whether an interrupt ends the transfer, though it closes neither
   */
  HeldChannels(FileChannel source, FileChannel target, boolean endsWithInterrupt) {
    this.source = source;
    this.target = target;
    this.endsWithInterrupt = endsWithInterrupt;
  }

  /**
   * Transfers, while both descriptors stay what they are; not called when one of the channels is
   * closed already.
   */
  abstract Outcome between(int from, int to);

  /** Whether a channel was closed, or the thread interrupted and that is to be an end. */
  @Override
  public final boolean isRequested() {
    return !source.isOpen()
        || !target.isOpen()
        || (endsWithInterrupt && Thread.currentThread().isInterrupted());
  }

  /**
   * Runs the transfer inside.
   *
   * @param closed which of the two an interrupt closes; none, if interrupts do nothing
   * @return how it ended; declined if a channel was closed before it began
   * @throws ClosedByInterruptException if the thread was interrupted, now or before
   * @throws AsynchronousCloseException if a channel was closed and nothing was transferred, unless
   *     interrupts do nothing: such channels do not tell
   */
  final Outcome run(List<FileChannel> closed) throws AsynchronousCloseException {
    closedByInterrupt = closed;
    boolean interruptible = !closed.isEmpty();
    Outcome outcome = new Outcome.Declined(0, Reason.Rule.OBSTACLE);
    Object blocking = Blocking.begin();
    try {
      if (interruptible) {
        begin();
      }
      int inSource = OffloadChannels.enter(source);
      try {
        int inTarget = OffloadChannels.enter(target);
        try {
          if (!isRequested()) {
            outcome = between(OffloadChannels.number(source), OffloadChannels.number(target));
          }
        } finally {
          OffloadChannels.leave(target, inTarget);
        }
      } finally {
        OffloadChannels.leave(source, inSource);
        if (isFirst) {
          isFirst = false;
        }
      }
    } finally {
      try {
        if (interruptible) {
          end(outcome.bytes() > 0);
        }
      } finally {
        Blocking.end(blocking);
      }
    }
    if (interruptible && outcome.bytes() == 0 && isRequested()) {
      throw new AsynchronousCloseException();
    }
    return outcome;
  }

  /**
   * Whether a transfer would not overflow the stack; to be asked before it does anything. An
   * overflow where a class is initialised makes that unusable for ever, and one inside leaves a
   * channel that nobody can close.
   */
  static boolean hasStack() {
    return StackProbe.has(isFirst ? KIB_OF_THE_FIRST : KIB_LEFT);
  }

  @Override
  protected final void implCloseChannel() throws IOException {
    for (FileChannel channel : closedByInterrupt) {
      channel.close();
    }
  }
}
