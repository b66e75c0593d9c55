package dev.copyoffload.channel;

import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.linux.Blocking;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.List;

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
final class Bracket extends AbstractInterruptibleChannel implements Cancellation {
  /** What is done while both descriptors stay what they are. */
  interface Transfer {
    /** Returns the bytes transferred; not called when one of the channels is closed already. */
    long between(int source, int target);
  }

  /**
   * Calls within one another that have to be possible before a channel is entered. Their frames
   * have 12 KiB at least, compiled; who is inside needs less, and does not get stuck there.
   */
  private static final int DEPTH = 256;

  private final FileChannel source;
  private final FileChannel target;
  private final List<FileChannel> closedByInterrupt;

  /**
   * @param closedByInterrupt which of the two an interrupt closes; none, if interrupts do nothing
   */
  Bracket(FileChannel source, FileChannel target, List<FileChannel> closedByInterrupt) {
    this.source = source;
    this.target = target;
    this.closedByInterrupt = closedByInterrupt;
  }

  /** Whether a channel was closed. */
  @Override
  public boolean isRequested() {
    return !source.isOpen() || !target.isOpen();
  }

  /**
   * Runs a transfer inside.
   *
   * @return what the transfer returns; 0 if a channel was closed before it began, or if the stack
   *     is about to overflow
   * @throws ClosedByInterruptException if the thread was interrupted, now or before
   * @throws AsynchronousCloseException if a channel was closed and nothing was transferred, unless
   *     interrupts do nothing: such channels do not tell
   */
  long run(Transfer transfer) throws AsynchronousCloseException {
    if (!hasStack()) {
      return 0;
    }
    Object blocking = Blocking.begin();
    try {
      return closedByInterrupt.isEmpty() ? runInside(transfer) : runInterruptibly(transfer);
    } finally {
      Blocking.end(blocking);
    }
  }

  private static boolean hasStack() {
    try {
      return depthOf(DEPTH) == DEPTH;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static int depthOf(int calls) {
    return calls == 0 ? 0 : 1 + depthOf(calls - 1);
  }

  private long runInterruptibly(Transfer transfer) throws AsynchronousCloseException {
    long transferred = 0;
    try {
      begin();
      transferred = runInside(transfer);
    } finally {
      end(transferred > 0);
    }
    if (transferred == 0 && isRequested()) {
      throw new AsynchronousCloseException();
    }
    return transferred;
  }

  private long runInside(Transfer transfer) {
    FileChannelInternals internals = FileChannelInternals.known();
    int inSource = internals.enter(source);
    try {
      int inTarget = internals.enter(target);
      try {
        return isRequested()
            ? 0
            : transfer.between(internals.number(source), internals.number(target));
      } finally {
        internals.leave(target, inTarget);
      }
    } finally {
      internals.leave(source, inSource);
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    for (FileChannel channel : closedByInterrupt) {
      channel.close();
    }
  }
}
