package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/** Shares the extents of a whole file with FICLONE; atomic against writers of the source. */
final class Reflink implements CopyMethod {
  @Override
  public String call() {
    return "ioctl(FICLONE)";
  }

  @Override
  public Capability capability() {
    return Capability.FICLONE;
  }

  @Override
  public boolean shares() {
    return true;
  }

  @Override
  public Outcome copy(FilePair files, Range range) {
    int result;
    do {
      result = files.calls().ficlone(files.target(), files.source());
    } while (files.repeats(result));
    if (result == 0) {
      return new Outcome.Completed(files.sourceSize());
    }
    return FilePair.isInterrupted(result)
        ? new Outcome.Cancelled(0)
        : files.stopped(this, 0, result);
  }
}
