package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_RDONLY;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * How a file lies on its device, as FIEMAP tells; see ioctl_fiemap(2) and filefrag(8).
 *
 * @param allocatedBytes bytes that extents cover, shared or not
 * @param sharedBytes those of them that another file or snapshot uses too
 * @param extents how many extents there are
 */
public record ExtentMap(long allocatedBytes, long sharedBytes, int extents) {
  private static final int HEADER_SIZE = 32;
  private static final int EXTENT_SIZE = 56;
  private static final int EXTENTS_A_CALL = 512;
  private static final int FLAG_SYNC = 1;
  private static final int EXTENT_LAST = 1;
  private static final int EXTENT_SHARED = 0x2000;

  /**
   * Reads the map of a file, after its dirty pages are written.
   *
   * @throws FileSystemException if the file cannot be opened or its file system has no FIEMAP
   * @throws UnsupportedOperationException without native code
   */
  public static ExtentMap of(Path file) throws IOException {
    SystemCalls calls = Platform.load();
    if (calls == null) {
      throw new UnsupportedOperationException("no native code", Platform.unavailabilityCause());
    }
    byte[] path = (file.toAbsolutePath() + "\0").getBytes(StandardCharsets.UTF_8);
    int number = calls.open(path, O_RDONLY | O_CLOEXEC, 0);
    if (number < 0) {
      throw failure(calls, file, "open", number);
    }
    try (Descriptor descriptor = new Descriptor(calls, number)) {
      return read(calls, file, descriptor);
    }
  }

  private static ExtentMap read(SystemCalls calls, Path file, Descriptor descriptor)
      throws IOException {
    long allocated = 0;
    long shared = 0;
    int extents = 0;
    long start = 0;
    while (true) {
      byte[] bytes = new byte[HEADER_SIZE + EXTENTS_A_CALL * EXTENT_SIZE];
      ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
      map.putLong(0, start).putLong(8, Long.MAX_VALUE - start).putInt(16, FLAG_SYNC);
      map.putInt(24, EXTENTS_A_CALL);
      int result = calls.fiemap(descriptor.number(), bytes);
      if (result < 0) {
        throw failure(calls, file, "ioctl(FS_IOC_FIEMAP)", result);
      }
      int mapped = map.getInt(20);
      boolean last = mapped == 0;
      for (int i = 0; i < mapped; i++) {
        int at = HEADER_SIZE + i * EXTENT_SIZE;
        long length = map.getLong(at + 16);
        int flags = map.getInt(at + 40);
        allocated += length;
        shared += (flags & EXTENT_SHARED) != 0 ? length : 0;
        extents++;
        start = map.getLong(at) + length;
        last |= (flags & EXTENT_LAST) != 0;
      }
      if (last) {
        return new ExtentMap(allocated, shared, extents);
      }
    }
  }

  private static FileSystemException failure(
      SystemCalls calls, Path file, String call, int result) {
    return new FileSystemException(
        file.toString(), null, call + ": " + calls.strerror(-result) + ", no extent map");
  }
}
