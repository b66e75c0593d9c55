package dev.copyoffload.linux;

import java.nio.ByteBuffer;

/**
 * How this JVM makes a system call, and hands the kernel memory: by the stub, or by JNA.
 *
 * <p>Decides nothing and knows no call by name: {@link LinuxSystemCalls} does. Safe for use by many
 * threads.
 */
public abstract class Kernel {
  /**
   * Makes a system call, see syscall(2).
   *
   * @param number of {@link SystemCall}
   * @return what the kernel returns: the result, or a negated errno
   */
  protected abstract long call(long number, long a, long b, long c, long d, long e, long f);

  /**
   * Allocates bytes that no limit of the JVM's counts.
   *
   * @return their address
   * @throws OutOfMemoryError if malloc(3) has none
   */
  protected abstract long allocate(int bytes);

  protected abstract void free(long address);

  /** Copies the first bytes of an array to an address. */
  protected abstract void put(long address, byte[] from, int length);

  protected abstract void putLong(long address, long value);

  /** Copies bytes from an address to the start of an array. */
  protected abstract void get(long address, byte[] into, int length);

  /** Fills an array from an address. */
  protected abstract void get(long address, long[] into);

  /** Where a direct buffer begins, valid for as long as it is reachable. */
  protected abstract long addressOf(ByteBuffer buffer);

  /** The C library's text for a positive errno, as the JDK's exceptions have it. */
  protected abstract String strerror(int errno);
}
