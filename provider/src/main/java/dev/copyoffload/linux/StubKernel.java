package dev.copyoffload.linux;

import java.nio.ByteBuffer;
import sun.nio.fs.OffloadKernel;

/** Reaches the kernel by the stub: some thirty bytes of machine code, loaded in a millisecond. */
final class StubKernel extends Kernel {
  @Override
  protected long call(long number, long a, long b, long c, long d, long e, long f) {
    return OffloadKernel.syscall(number, a, b, c, d, e, f);
  }

  @Override
  protected long allocate(int bytes) {
    return OffloadKernel.allocate(bytes);
  }

  @Override
  protected void free(long address) {
    OffloadKernel.free(address);
  }

  @Override
  protected void put(long address, byte[] from, int length) {
    OffloadKernel.put(address, from, length);
  }

  @Override
  protected void putLong(long address, long value) {
    OffloadKernel.putLong(address, value);
  }

  @Override
  protected void get(long address, byte[] into, int length) {
    OffloadKernel.get(address, into, length);
  }

  @Override
  protected void get(long address, long[] into) {
    OffloadKernel.get(address, into);
  }

  @Override
  protected long addressOf(ByteBuffer buffer) {
    return OffloadKernel.addressOf(buffer);
  }

  @Override
  protected String strerror(int errno) {
    return ErrorText.of(errno);
  }
}
