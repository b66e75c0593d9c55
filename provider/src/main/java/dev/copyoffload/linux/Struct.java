package dev.copyoffload.linux;

/**
 * Reads the fields of a C struct; every architecture that {@link Platform} knows is little-endian.
 *
 * <p>By hand: until it is compiled, a {@code ByteBuffer} takes a microsecond a field.
 */
final class Struct {
  private final byte[] bytes;

  Struct(byte[] bytes) {
    this.bytes = bytes;
  }

  int shortAt(int offset) {
    return (bytes[offset] & 0xFF) | (bytes[offset + 1] & 0xFF) << 8;
  }

  int intAt(int offset) {
    return (bytes[offset] & 0xFF)
        | (bytes[offset + 1] & 0xFF) << 8
        | (bytes[offset + 2] & 0xFF) << 16
        | bytes[offset + 3] << 24;
  }

  long unsignedIntAt(int offset) {
    return Integer.toUnsignedLong(intAt(offset));
  }

  long longAt(int offset) {
    return unsignedIntAt(offset) | (long) intAt(offset + 4) << 32;
  }
}
