package dev.copyoffload.transfer;

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
final class HeldChannels extends AbstractInterruptibleChannel implements Cancellation {
  /** What is done while both descriptors stay what they are. */
  interface Body {
    /** Returns the bytes transferred; not called when one of the channels is closed already. */
    long between(int source, int target);
  }

  /** The first transfer links and initialises all that it calls, which goes deep. */
  private static volatile boolean isFirst = true;

  private final FileChannel source;
  private final FileChannel target;
  private final List<FileChannel> closedByInterrupt;
  private final boolean endsWithInterrupt;

  /**
   * @param closedByInterrupt which of the two an interrupt closes; none, if interrupts do nothing
   */
  HeldChannels(FileChannel source, FileChannel target, List<FileChannel> closedByInterrupt) {
    this(source, target, closedByInterrupt, false);
  }

  /** One whose channels no interrupt closes, but where an interrupt may end the transfer. */
  HeldChannels(FileChannel source, FileChannel target, boolean endsWithInterrupt) {
    this(source, target, List.of(), endsWithInterrupt);
  }

  private HeldChannels(
      FileChannel source,
      FileChannel target,
      List<FileChannel> closedByInterrupt,
      boolean endsWithInterrupt) {
    this.source = source;
    this.target = target;
    this.closedByInterrupt = closedByInterrupt;
    this.endsWithInterrupt = endsWithInterrupt;
  }

  /** Whether a channel was closed, or the thread interrupted and that is to be an end. */
  @Override
  public boolean isRequested() {
    return !source.isOpen()
        || !target.isOpen()
        || (endsWithInterrupt && Thread.currentThread().isInterrupted());
  }

  /**
   * Runs a transfer inside.
   *
   * @return what the transfer returns; 0 if a channel was closed before it began
   * @throws ClosedByInterruptException if the thread was interrupted, now or before
   * @throws AsynchronousCloseException if a channel was closed and nothing was transferred, unless
   *     interrupts do nothing: such channels do not tell
   */
  long run(Body body) throws AsynchronousCloseException {
    Object blocking = Blocking.begin();
    try {
      return closedByInterrupt.isEmpty() ? runInside(body) : runInterruptibly(body);
    } finally {
      Blocking.end(blocking);
    }
  }

  /**
   * Whether a transfer would not overflow the stack; to be asked before anything else. An overflow
   * where a class is initialised makes that unusable for ever, and one inside leaves a channel that
   * nobody can close.
   */
  static boolean hasStack() {
    try {
      // Frames of 17 bytes at least, and of 115 until they are compiled.
      int depth = isFirst ? 2048 : 256;
      return depthOf(depth) == depth;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static int depthOf(int calls) {
    return calls == 0 ? 0 : 1 + depthOf(calls - 1);
  }

  private long runInterruptibly(Body body) throws AsynchronousCloseException {
    long transferred = 0;
    try {
      begin();
      transferred = runInside(body);
    } finally {
      end(transferred > 0);
    }
    if (transferred == 0 && isRequested()) {
      throw new AsynchronousCloseException();
    }
    return transferred;
  }

  private long runInside(Body body) {
    FileChannelInternals internals = FileChannelInternals.known();
    int inSource = internals.enter(source);
    try {
      int inTarget = internals.enter(target);
      try {
        return isRequested() ? 0 : body.between(internals.number(source), internals.number(target));
      } finally {
        internals.leave(target, inTarget);
      }
    } finally {
      internals.leave(source, inSource);
      if (isFirst) {
        isFirst = false;
      }
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    for (FileChannel channel : closedByInterrupt) {
      channel.close();
    }
  }
}
