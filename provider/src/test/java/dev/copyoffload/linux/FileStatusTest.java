package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** At the offsets that {@link KernelHeadersTest} compares with the kernel's. */
class FileStatusTest {
  @RepeatedTest(20)
  void testFields() {
    ByteBuffer bytes =
        ByteBuffer.allocate(FileStatus.LONGS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    new Random().nextBytes(bytes.array());
    long[] struct = new long[FileStatus.LONGS];
    bytes.asLongBuffer().get(struct);
    FileStatus status = FileStatus.of(struct);

    assertEquals((bytes.getInt(0) & Constants.STATX_BTIME) != 0, status.hasBirthTime());
    assertEquals(Integer.toUnsignedLong(bytes.getInt(4)), status.blockSize());
    assertEquals(bytes.getInt(16), status.links());
    assertEquals(bytes.getInt(20), status.user());
    assertEquals(bytes.getInt(24), status.group());
    assertEquals(Short.toUnsignedInt(bytes.getShort(28)), status.mode());
    assertEquals(bytes.getLong(32), status.inode());
    assertEquals(bytes.getLong(40), status.size());
    assertEquals(bytes.getLong(48), status.blocks());
    assertEquals(bytes.getLong(64), status.accessSeconds());
    assertEquals(bytes.getInt(72), status.accessNanos());
    assertEquals(bytes.getLong(96), status.changedSeconds());
    assertEquals(bytes.getInt(104), status.changedNanos());
    assertEquals(bytes.getLong(112), status.modifiedSeconds());
    assertEquals(bytes.getInt(120), status.modifiedNanos());
    long major = Integer.toUnsignedLong(bytes.getInt(136));
    long minor = Integer.toUnsignedLong(bytes.getInt(140));
    assertEquals(major << Integer.SIZE | minor, status.device());
  }
}
