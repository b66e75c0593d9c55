package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Constants;

/** Moves page references through the kernel's own pipe, with sendfile(2). */
final class Sendfile extends ChunkedMethod {
  @Override
  public Capability capability() {
    return Capability.SENDFILE;
  }

  @Override
  public Outcome copy(FilePair files, Range range) {
    if (!files.offsetsAreOurs()) {
      return new Outcome.Declined(0, Reason.Rule.OFFSET_NOT_OURS);
    }
    // The target has no offset argument: its own, which is ours alone, must stand right.
    long position = files.calls().lseek(files.target(), range.targetOffset(), Constants.SEEK_SET);
    if (position < 0) {
      return files.stopped(this, 0, position);
    }
    return super.copy(files, range);
  }

  @Override
  long chunk() {
    return Tuning.CANCELLABLE_CHUNK;
  }

  @Override
  long copy(FilePair files, long from, long to, long length) {
    return files.calls().sendfile(files.target(), files.source(), from, length);
  }
}
