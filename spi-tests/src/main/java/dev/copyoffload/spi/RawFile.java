package dev.copyoffload.spi;

import com.sun.jna.Pointer;
import java.nio.file.Path;

/**
 * A file that is written by system calls, and mapped until it is closed: what the JDK maps stays
 * until it is collected, and its file system cannot be unmounted before.
 */
final class RawFile implements AutoCloseable {
  private final int descriptor;
  private final long mapped;
  private final Pointer map;

  /** Opens a file, or makes it, and maps its first bytes, which need not be there. */
  RawFile(Path file, long mapped) {
    this.mapped = mapped;
    descriptor = Libc.open(file);
    map = Libc.C.mmap(Pointer.NULL, mapped, Libc.PROT_READ_WRITE, Libc.MAP_SHARED, descriptor, 0);
  }

  void write(long at, byte[] bytes) {
    if (Libc.C.pwrite(descriptor, bytes, bytes.length, at) != bytes.length) {
      throw new IllegalStateException("not all was written");
    }
  }

  /** Writes by way of the mapping. */
  void put(long at, byte[] bytes) {
    map.write(at, bytes, 0, bytes.length);
  }

  void truncate(long size) {
    Libc.C.ftruncate(descriptor, size);
  }

  /** Makes a hole. */
  void punch(long at, long length) {
    Libc.C.fallocate(descriptor, Libc.PUNCH_HOLE_KEEP_SIZE, at, length);
  }

  @Override
  public void close() {
    Libc.C.munmap(map, mapped);
    Libc.C.close(descriptor);
  }
}
