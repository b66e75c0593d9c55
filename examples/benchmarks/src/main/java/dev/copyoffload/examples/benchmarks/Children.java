package dev.copyoffload.examples.benchmarks;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The one child process there is at a time. */
final class Children implements AutoCloseable {
  private static final int RUSAGE_CHILDREN = -1;

  /** Two times, each in seconds and microseconds, and 14 numbers. */
  private static final int RUSAGE_LONGS = 18;

  private final Thread stop = new Thread(this::stop);
  private @Nullable Process current;
  private boolean stopped;

  static {
    Native.register(Children.class, NativeLibrary.getProcess());
  }

  Children() {
    // Whoever stops us wants the directories back: nothing may go on writing there.
    Runtime.getRuntime().addShutdownHook(stop);
  }

  private static native int getrusage(int who, long[] usage);

  synchronized Process start(ProcessBuilder command) throws IOException {
    if (stopped) {
      throw new IOException("stopped");
    }
    current = command.start();
    return current;
  }

  /** User and system time of all children that have ended, in nanoseconds. */
  static long cpuNanos() {
    long[] usage = new long[RUSAGE_LONGS];
    if (getrusage(RUSAGE_CHILDREN, usage) != 0) {
      throw new IllegalStateException("getrusage: errno " + Native.getLastError());
    }
    return (usage[0] + usage[2]) * 1_000_000_000 + (usage[1] + usage[3]) * 1_000;
  }

  @Override
  public synchronized void close() {
    if (stopped) {
      return;
    }
    Runtime.getRuntime().removeShutdownHook(stop);
  }

  private synchronized void stop() {
    stopped = true;
    if (current != null) {
      current.destroyForcibly();
      // It may be in the middle of a copy: only a process that has ended writes no more.
      current.onExit().join();
    }
  }
}
