package dev.copyoffload.engine;

/** Copies everything as it is: works on all files, and has the last word. */
final class ReadWrite extends ThroughBuffer {
  ReadWrite(Buffers buffers) {
    super(buffers, 1);
  }
}
