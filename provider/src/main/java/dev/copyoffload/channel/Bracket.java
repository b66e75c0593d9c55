package dev.copyoffload.channel;

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
 * <p>A channel itself, for the length of one transfer, because that is how Java tells who is to be
 * closed when a thread is interrupted.
 */
final class Bracket extends AbstractInterruptibleChannel {
  /** What is done while both descriptors stay what they are. */
  interface Transfer {
    /** Returns the bytes transferred; not called when one of the channels is closed already. */
    long between(int source, int target);
  }

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

  FileChannel source() {
    return source;
  }

  FileChannel target() {
    return target;
  }

  /** Whether both channels are open. */
  boolean isIntact() {
    return source.isOpen() && target.isOpen();
  }

  /**
   * Runs a transfer inside.
   *
   * @return what the transfer returns; 0 if a channel was closed before it began
   * @throws ClosedByInterruptException if the thread was interrupted, now or before
   * @throws AsynchronousCloseException if a channel was closed and nothing was transferred, unless
   *     interrupts do nothing: such channels do not tell
   */
  long run(Transfer transfer) throws AsynchronousCloseException {
    if (closedByInterrupt.isEmpty()) {
      return runInside(transfer);
    }
    long transferred = 0;
    try {
      begin();
      transferred = runInside(transfer);
    } finally {
      end(transferred > 0);
    }
    if (transferred == 0 && !isIntact()) {
      throw new AsynchronousCloseException();
    }
    return transferred;
  }

  private long runInside(Transfer transfer) {
    int inSource = FileChannelInternals.known().enter(source);
    try {
      int inTarget = FileChannelInternals.known().enter(target);
      try {
        return isIntact()
            ? transfer.between(
                FileChannelInternals.known().number(source),
                FileChannelInternals.known().number(target))
            : 0;
      } finally {
        FileChannelInternals.known().leave(target, inTarget);
      }
    } finally {
      FileChannelInternals.known().leave(source, inSource);
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    for (FileChannel channel : closedByInterrupt) {
      channel.close();
    }
  }
}
