package dev.copyoffload.linux;

/**
 * A file descriptor that is ours to close, exactly once.
 *
 * <p>Not safe for use by many threads: it belongs to the copy that opened it.
 */
public final class Descriptor implements AutoCloseable {
  private final SystemCalls calls;
  private final int number;
  private boolean open = true;

  /** Takes ownership of an open descriptor. */
  public Descriptor(SystemCalls calls, int number) {
    this.calls = calls;
    this.number = number;
  }

  /**
   * Calls open(2), again as long as a signal ends it: a network file system may take a while.
   *
   * @return an open descriptor's number, or a negated errno
   */
  public static int open(SystemCalls calls, byte[] path, int flags, int mode) {
    int result;
    do {
      result = calls.open(path, flags, mode);
    } while (Errno.EINTR.is(result));
    return result;
  }

  /** The descriptor's number, valid until this is closed. */
  public int number() {
    if (!open) {
      throw closed();
    }
    return number;
  }

  private IllegalStateException closed() {
    return new IllegalStateException("descriptor " + number + " is closed");
  }

  /** Whether it is not closed yet. */
  public boolean isOpen() {
    return open;
  }

  /** Closes the descriptor if it is open; 0, or the negated errno of close(2). */
  public int closeNow() {
    if (!open) {
      return 0;
    }
    open = false;
    return calls.close(number);
  }

  /** Closes the descriptor and drops an error of close(2), for sources and for cleaning up. */
  @Override
  public void close() {
    closeNow();
  }
}
