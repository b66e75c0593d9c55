package dev.copyoffload.engine;

import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.SystemCalls;

/** A pipe of our own, wider than what the kernel gives unasked, where it grants that. */
final class Pipe implements AutoCloseable {
  private final Descriptor readEnd;
  private final Descriptor writeEnd;
  private final int capacity;

  /** Bytes that are in it. */
  long content;

  /**
   * Widens a pipe.
   *
   * @param ends what pipe2(2) gave
   */
  Pipe(SystemCalls calls, int[] ends) {
    readEnd = new Descriptor(calls, ends[0]);
    writeEnd = new Descriptor(calls, ends[1]);
    int granted = -1;
    // A user over the quota of pipe pages is refused the width, not the pipe.
    for (int wanted = Tuning.PIPE; granted < 0 && wanted >= Tuning.NARROWEST_PIPE; wanted >>= 1) {
      granted = calls.fcntl(writeEnd.number(), Constants.F_SETPIPE_SZ, wanted);
    }
    capacity = granted;
  }

  int readEnd() {
    return readEnd.number();
  }

  int writeEnd() {
    return writeEnd.number();
  }

  /** Bytes that one step can take, or a negated errno if the kernel refused the width. */
  int capacity() {
    return capacity;
  }

  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
