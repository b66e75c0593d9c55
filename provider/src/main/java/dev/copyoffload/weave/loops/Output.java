package dev.copyoffload.weave.loops;

import java.util.Arrays;

/** Bytes of a class file that is being written. */
final class Output {
  private byte[] bytes;
  private int size;

  Output(int expected) {
    bytes = new byte[expected];
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  void u1(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size + 64);
    }
    bytes[size++] = (byte) value;
  }

  void u2(int value) {
    if (value != (value & 0xFFFF)) {
      throw new IllegalArgumentException("too large for a class file");
    }
    u1(value >> 8);
    u1(value);
  }

  void u4(int value) {
    u1(value >> 24);
    u1(value >> 16);
    u1(value >> 8);
    u1(value);
  }

  void put(byte[] from, int at, int length) {
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size + length + 64);
    }
    System.arraycopy(from, at, bytes, size, length);
    size += length;
  }

  void put(Output other) {
    put(other.bytes, 0, other.size);
  }

  /** Writes again what was written before, once it is known. */
  void setU4(int at, int value) {
    bytes[at] = (byte) (value >> 24);
    bytes[at + 1] = (byte) (value >> 16);
    bytes[at + 2] = (byte) (value >> 8);
    bytes[at + 3] = (byte) value;
  }
}
