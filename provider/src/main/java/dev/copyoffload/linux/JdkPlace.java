package dev.copyoffload.linux;

import sun.nio.fs.OffloadKernel;

/** Asks the JDK from within: without a class, a warning or a millisecond that need not be. */
final class JdkPlace implements Place {
  @Override
  public long ownerAndMode(String directory) {
    return OffloadKernel.ownerAndMode(directory);
  }

  @Override
  public boolean create(String file, byte[] content) {
    return OffloadKernel.create(file, content);
  }

  @Override
  public void delete(String file) {
    OffloadKernel.delete(file);
  }

  @Override
  public void load(String file) {
    OffloadKernel.load(file);
  }
}
