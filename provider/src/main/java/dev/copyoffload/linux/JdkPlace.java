package dev.copyoffload.linux;

import sun.nio.fs.OffloadKernel;

/** Asks the JDK from within: without a class, a warning or a millisecond that need not be. */
final class JdkPlace extends Place {
  @Override
  long ownerAndMode(String directory) {
    return OffloadKernel.ownerAndMode(directory);
  }

  @Override
  boolean create(String file, byte[] content) {
    return OffloadKernel.create(file, content);
  }

  @Override
  void delete(String file) {
    OffloadKernel.delete(file);
  }

  @Override
  void load(String file) {
    OffloadKernel.load(file);
  }
}
