package dev.copyoffload.engine;

import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.SystemCalls;
import org.jspecify.annotations.Nullable;

/** A pipe of our own, wider than what the kernel gives unasked, where it grants that. */
final class Pipe implements AutoCloseable {
  private final Descriptor readEnd;
  private final Descriptor writeEnd;
  private final int capacity;

  private Pipe(Descriptor readEnd, Descriptor writeEnd, int capacity) {
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
    this.capacity = capacity;
  }

  /** What pipe2(2) gave: a pipe, or a negated errno and null. */
  record Opened(@Nullable Pipe pipe, int result) {}

  static Opened open(SystemCalls calls) {
    int[] ends = new int[2];
    int result = calls.pipe(ends);
    if (result < 0) {
      return new Opened(null, result);
    }
    Descriptor readEnd = new Descriptor(calls, ends[0]);
    Descriptor writeEnd = new Descriptor(calls, ends[1]);
    int capacity = -1;
    // A user over the quota of pipe pages is refused the width, not the pipe.
    for (int wanted = Tuning.PIPE; capacity < 0 && wanted >= Tuning.NARROWEST_PIPE; wanted >>= 1) {
      capacity = calls.fcntl(writeEnd.number(), Constants.F_SETPIPE_SZ, wanted);
    }
    if (capacity < 0) {
      readEnd.close();
      writeEnd.close();
      return new Opened(null, capacity);
    }
    return new Opened(new Pipe(readEnd, writeEnd, capacity), 0);
  }

  int readEnd() {
    return readEnd.number();
  }

  int writeEnd() {
    return writeEnd.number();
  }

  /** Bytes that one step can take. */
  int capacity() {
    return capacity;
  }

  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
