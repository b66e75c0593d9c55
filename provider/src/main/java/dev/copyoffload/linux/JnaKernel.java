package dev.copyoffload.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Reaches the kernel by JNA, where there is no stub, or nowhere to load it from: syscall(2) of the
 * C library.
 *
 * <p>Defined by {@link JnaLoader} only.
 */
final class JnaKernel extends Kernel {
  private static final Pointer MEMORY = new Pointer(0);

  static {
    Native.register(JnaKernel.class, NativeLibrary.getProcess());
  }

  JnaKernel() {}

  private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  @Override
  protected long call(long number, long a, long b, long c, long d, long e, long f) {
    long result = syscall(number, a, b, c, d, e, f);
    return result == -1 ? -Native.getLastError() : result;
  }

  @Override
  protected long allocate(int bytes) {
    long address = Native.malloc(bytes);
    if (address == 0) {
      throw new OutOfMemoryError("malloc(3) of " + bytes + " bytes");
    }
    return address;
  }

  @Override
  protected void free(long address) {
    Native.free(address);
  }

  @Override
  protected void put(long address, byte[] from, int length) {
    MEMORY.write(address, from, 0, length);
  }

  @Override
  protected void putLong(long address, long value) {
    MEMORY.setLong(address, value);
  }

  @Override
  protected void get(long address, byte[] into, int length) {
    MEMORY.read(address, into, 0, length);
  }

  @Override
  protected void get(long address, long[] into) {
    MEMORY.read(address, into, 0, into.length);
  }

  @Override
  protected long addressOf(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  @Override
  protected String strerror(int errno) {
    return StrError.strerror(errno);
  }

  /** Apart, for the few failures that have a text. */
  private static final class StrError {
    static {
      Native.register(StrError.class, NativeLibrary.getProcess());
    }

    static native String strerror(int errno);
  }
}
