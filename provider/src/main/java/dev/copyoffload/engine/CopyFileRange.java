package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/** Lets the file system or its server copy, with copy_file_range(2). */
final class CopyFileRange extends ChunkedMethod {
  /**
   * glibc 2.41 and 2.42 return a wrong value above 2 GiB (sourceware 33245), FUSE truncates above 4
   * GiB (libfuse#1331), and this keeps the alignment that ZFS clones need.
   */
  private static final long MAX_CHUNK = 1L << 30;

  @Override
  public Capability capability() {
    return Capability.COPY_FILE_RANGE;
  }

  @Override
  long chunk() {
    return MAX_CHUNK;
  }

  @Override
  long copy(FilePair files, long from, long to, long length) {
    return files.calls().copyFileRange(files.source(), from, files.target(), to, length);
  }
}
