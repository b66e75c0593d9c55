package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * Native memory for the arguments of one call.
 *
 * <p>A few are kept for reuse; who takes one owns it until it is given back. Not direct buffers: a
 * program can use up what the JVM grants of those, and then not even a failed copy could be
 * removed.
 */
final class Scratch {
  private static final int SIZE = 8 << 10;

  /** A power of two. */
  private static final int SLOTS = 16;

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

  /** The scratches of one way to the kernel. */
  static final class Rack {
    private final Kernel kernel;
    private final Slot[] slots = new Slot[SLOTS];

    Rack(Kernel kernel) {
      this.kernel = kernel;
      for (int i = 0; i < SLOTS; i++) {
        slots[i] = new Slot();
      }
    }

    private Slot slot() {
      return slots[(int) (Thread.currentThread().getId() & (SLOTS - 1))];
    }

    Scratch take() {
      Scratch idle = slot().take();
      return idle == null ? new Scratch(this) : idle;
    }
  }

  private final Rack rack;
  private final long address;

  private Scratch(Rack rack) {
    this.rack = rack;
    this.address = rack.kernel.allocate(SIZE);
  }

  void giveBack() {
    if (!rack.slot().offer(this)) {
      rack.kernel.free(address);
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
    rack.kernel.put(address + position, bytes, length);
    return address + position;
  }

  /** Puts a number at a position and returns its address. */
  long put(int position, long value) {
    rack.kernel.putLong(address + position, value);
    return address + position;
  }

  long addressOf(int position) {
    return address + position;
  }

  void get(int position, byte[] into) {
    get(position, into, into.length);
  }

  void get(int position, byte[] into, int length) {
    rack.kernel.get(address + position, into, length);
  }
}
