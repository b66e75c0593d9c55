package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/**
 * Shares the extents of a range with FICLONERANGE.
 *
 * <p>The range must be aligned to blocks, but for an end that is the end of both files: see {@link
 * SharedMiddle}.
 */
final class ReflinkRange extends ChunkedMethod {
  /** A multiple of every block size; a clone of more holds the file's lock for long. */
  private static final long MAX_CHUNK = 1L << 30;

  @Override
  public String call() {
    return "ioctl(FICLONERANGE)";
  }

  @Override
  public Capability capability() {
    return Capability.FICLONERANGE;
  }

  @Override
  public boolean shares() {
    return true;
  }

  @Override
  long chunk() {
    return MAX_CHUNK;
  }

  @Override
  long copy(FilePair files, long from, long to, long length) {
    // 0 means to wherever the end is: a source that has grown has none in a block's middle.
    long wanted = from + length == files.sourceSize() ? 0 : length;
    int result = files.calls().ficlonerange(files.target(), files.source(), from, wanted, to);
    return result == 0 ? length : result;
  }
}
