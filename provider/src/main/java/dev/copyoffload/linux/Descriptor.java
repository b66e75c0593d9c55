package dev.copyoffload.linux;

/**
 * A file descriptor that is ours to close, exactly once.
 *
 * <p>It is there before the file is open: where memory or the stack is short, that shows before
 * there is anything to clean up.
 *
 * <p>Not safe for use by many threads: it belongs to the copy that opened it.
 */
public final class Descriptor implements AutoCloseable {
  private static final int NONE = -1;

  private final SystemCalls calls;
  private int number;

  /** Holds nothing until {@link #open}. */
  public Descriptor(SystemCalls calls) {
    this(calls, NONE);
  }

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
  public int open(byte[] path, int flags, int mode) {
    int result;
    do {
      result = calls.open(path, flags, mode);
    } while (Errno.EINTR.is(result));
    number = result;
    return result;
  }

  /** The descriptor's number, valid until this is closed. */
  public int number() {
    if (number < 0) {
      throw notOpen();
    }
    return number;
  }

  private static IllegalStateException notOpen() {
    return new IllegalStateException("the descriptor is not open");
  }

  public boolean isOpen() {
    return number >= 0;
  }

  /** Closes the descriptor if it is open; 0, or the negated errno of close(2). */
  public int closeNow() {
    int open = number;
    if (open < 0) {
      return 0;
    }
    number = NONE;
    return calls.close(open);
  }

  /** Closes the descriptor and drops an error of close(2), for sources and for cleaning up. */
  @Override
  public void close() {
    closeNow();
  }
}
