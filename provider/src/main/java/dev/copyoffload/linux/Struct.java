package dev.copyoffload.linux;

/**
 * Reads the fields of a C struct; every architecture that {@link Platform} knows is little-endian.
 *
 * <p>By hand, without calls: until it is compiled, a {@code ByteBuffer} takes a microsecond a
 * field.
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
    return intAt(offset) & 0xFFFF_FFFFL;
  }

  long longAt(int offset) {
    int low =
        (bytes[offset] & 0xFF)
            | (bytes[offset + 1] & 0xFF) << 8
            | (bytes[offset + 2] & 0xFF) << 16
            | bytes[offset + 3] << 24;
    int high =
        (bytes[offset + 4] & 0xFF)
            | (bytes[offset + 5] & 0xFF) << 8
            | (bytes[offset + 6] & 0xFF) << 16
            | bytes[offset + 7] << 24;
    return (low & 0xFFFF_FFFFL) | (long) high << 32;
  }
}
