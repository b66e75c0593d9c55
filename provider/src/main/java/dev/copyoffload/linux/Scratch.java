package dev.copyoffload.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for the arguments of one call.
 *
 * <p>Half a microsecond faster a call than to let JNA copy arrays, which allocates each time. A few
 * are kept for reuse; who takes one owns it until it is given back.
 */
final class Scratch {
  private static final int SIZE = 8 << 10;

  /** A power of two. */
  private static final int SLOTS = 16;

  private static final Slot[] IDLE = new Slot[SLOTS];

  static {
    for (int i = 0; i < SLOTS; i++) {
      IDLE[i] = new Slot();
    }
  }

  /** A monitor and not a variable handle: those take microseconds until they are compiled. */
  private static final class Slot {
    private @Nullable Scratch idle;

    synchronized @Nullable Scratch take() {
      Scratch taken = idle;
      idle = null;
      return taken;
    }

    synchronized boolean offer(Scratch scratch) {
      if (idle != null) {
        return false;
      }
      idle = scratch;
      return true;
    }
  }

  // Not ByteBuffer.allocateDirect: a program can use up what the JVM grants of that, and then not
  // even a failed copy could be removed.
  private final long address = Native.malloc(SIZE);
  private final Pointer memory = new Pointer(address);

  private Scratch() {
    if (address == 0) {
      throw new OutOfMemoryError("malloc(3) of " + SIZE + " bytes");
    }
  }

  private static Slot slot() {
    return IDLE[(int) (Thread.currentThread().getId() & (SLOTS - 1))];
  }

  static Scratch take() {
    Scratch idle = slot().take();
    return idle == null ? new Scratch() : idle;
  }

  void giveBack() {
    if (!slot().offer(this)) {
      Native.free(address);
    }
  }

  /** Whether that many bytes fit. */
  static boolean holds(long bytes) {
    return bytes <= SIZE;
  }

  /** Puts bytes at a position and returns their address. */
  long put(int position, byte[] bytes) {
    return put(position, bytes, bytes.length);
  }

  /** Puts the first bytes of an array at a position and returns their address. */
  long put(int position, byte[] bytes, int length) {
    memory.write(position, bytes, 0, length);
    return address + position;
  }

  /** Puts a number at a position and returns its address. */
  long put(int position, long value) {
    memory.setLong(position, value);
    return address + position;
  }

  long addressOf(int position) {
    return address + position;
  }

  void get(int position, byte[] into) {
    get(position, into, into.length);
  }

  void get(int position, byte[] into, int length) {
    memory.read(position, into, 0, length);
  }
}
