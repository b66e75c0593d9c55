package dev.copyoffload.channel;

import java.io.IOException;

/**
 * Holds the monitors under which two channels keep their positions, always in the same order, so
 * that two transfers in opposite directions do not wait for each other.
 *
 * <p>The JDK's own code never takes one of these while it holds another.
 */
final class PositionLocks {
  /** Decides between two monitors that have the same hash code. */
  private static final Object TIE = new Object();

  /** What is done while no other thread moves the positions. */
  interface Transfer {
    long run() throws IOException;
  }

  private PositionLocks() {}

  /** Returns what the transfer returns, or {@link ChannelTransfer#DECLINED} for nothing. */
  static long holding(Object one, Object other, Transfer transfer) throws IOException {
    int first = System.identityHashCode(one);
    int second = System.identityHashCode(other);
    long transferred;
    if (first < second || one == other) {
      transferred = inOrder(one, other, transfer);
    } else if (first > second) {
      transferred = inOrder(other, one, transfer);
    } else {
      synchronized (TIE) {
        transferred = inOrder(one, other, transfer);
      }
    }
    return transferred > 0 ? transferred : ChannelTransfer.DECLINED;
  }

  private static long inOrder(Object outer, Object inner, Transfer transfer) throws IOException {
    synchronized (outer) {
      synchronized (inner) {
        return transfer.run();
      }
    }
  }
}
