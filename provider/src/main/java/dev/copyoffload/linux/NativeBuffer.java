package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * Native memory for the arguments of one call.
 *
 * <p>A few are kept for reuse; who takes one owns it until it is given back. Not direct buffers: a
 * program can use up what the JVM grants of those, and then not even a failed copy could be
 * removed.
 */
final class NativeBuffer {
  private static final int SIZE = 8 << 10;

  /** A power of two. */
  private static final int SLOTS = 16;

  /**
   * Room for one, for the threads that come by it.
   *
   * <p>A monitor and not a variable handle: those take microseconds until they are compiled.
   */
  static final class Slot {
    private final Kernel kernel;

    /** Read and set with the slot's monitor. */
    private @Nullable NativeBuffer idle;

    private Slot(Kernel kernel) {
      this.kernel = kernel;
    }
  }

  private final Kernel kernel;
  private final Slot slot;
  private final long address;

  private NativeBuffer(Slot slot) {
    this.kernel = slot.kernel;
    this.slot = slot;
    this.address = kernel.allocate(SIZE);
  }

  /** Room for the idle ones of one way to the kernel. */
  static Slot[] slots(Kernel kernel) {
    Slot[] slots = new Slot[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Slot(kernel);
    }
    return slots;
  }

  static NativeBuffer take(Slot[] slots) {
    Slot slot = slots[(int) (Thread.currentThread().getId() & (SLOTS - 1))];
    synchronized (slot) {
      NativeBuffer idle = slot.idle;
      if (idle != null) {
        slot.idle = null;
        return idle;
      }
    }
    return new NativeBuffer(slot);
  }

  void giveBack() {
    synchronized (slot) {
      if (slot.idle == null) {
        slot.idle = this;
        return;
      }
    }
    kernel.free(address);
  }

  /** Whether that many bytes fit. */
  static boolean holds(long bytes) {
    return bytes <= SIZE;
  }

  /** Puts bytes at a position and returns their address. */
  long put(int position, byte[] bytes) {
    kernel.put(address + position, bytes, bytes.length);
    return address + position;
  }

  /** Puts a number at a position and returns its address. */
  long put(int position, long value) {
    kernel.putLong(address + position, value);
    return address + position;
  }

  long addressOf(int position) {
    return address + position;
  }

  /** Fills an array from a position. */
  void get(int position, long[] into) {
    kernel.get(address + position, into);
  }
}
