package dev.copyoffload.agent;

import static dev.copyoffload.linux.Constants.SEEK_HOLE;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.nio.file.Path;

/** Tries each capability with real files, the source in one directory and the target in another. */
final class CapabilityProbe {
  private static final String YES = "yes";

  /** Whole blocks of any file system. */
  private static final int SIZE = 128 << 10;

  private static final long HOLE_AT = 1 << 20;

  private final SystemCalls calls;
  private final Path from;
  private final Path to;

  CapabilityProbe(SystemCalls calls, Path from, Path to) {
    this.calls = calls;
    this.from = from;
    this.to = to;
  }

  /** Returns {@code yes}, or {@code no} with the reason. */
  String answer(Capability capability) throws BadDirectoryException {
    if (!capability.isEnabled()) {
      return "no: switched off by copyoffload.disable";
    }
    try (ProbeFile source = ProbeFile.in(from, calls).fill(SIZE);
        ProbeFile target = ProbeFile.in(to, calls)) {
      return switch (capability) {
        case NATIVE -> YES;
        case STUB -> Platform.stubObstacle() == null ? YES : "no: " + Platform.stubObstacle();
        case FICLONE -> answer(calls.ficlone(target.number(), source.number()), 0);
        case FICLONERANGE ->
            answer(calls.ficlonerange(target.number(), source.number(), 0, SIZE, 0), 0);
        case COPY_FILE_RANGE ->
            answer(calls.copyFileRange(source.number(), 0, target.number(), 0, SIZE), 1);
        case SPLICE -> splice(source, target);
        case SENDFILE -> answer(calls.sendfile(target.number(), source.number(), 0, SIZE), 1);
        case SEEK_HOLE -> seekHole(target);
      };
    }
  }

  private String splice(ProbeFile source, ProbeFile target) {
    int[] ends = new int[2];
    int result = calls.pipe(ends);
    if (result < 0) {
      return answer(result, 0);
    }
    try (Descriptor out = new Descriptor(calls, ends[0]);
        Descriptor in = new Descriptor(calls, ends[1])) {
      long taken = calls.spliceIn(source.number(), 0, in.number(), 4096, 0);
      return taken <= 0
          ? answer(taken, 1)
          : answer(calls.spliceOut(out.number(), target.number(), 0, taken, 0), 1);
    }
  }

  private String seekHole(ProbeFile file) throws BadDirectoryException {
    file.fill(SIZE);
    int extended = calls.ftruncate(file.number(), HOLE_AT);
    long hole = extended < 0 ? extended : calls.lseek(file.number(), 0, SEEK_HOLE);
    return hole >= HOLE_AT ? "no: holes are shown as data" : answer(hole, 0);
  }

  private String answer(long result, long least) {
    if (result >= least) {
      return YES;
    }
    if (result >= 0) {
      return "no: nothing copied";
    }
    int errno = (int) -result;
    return "no: " + Errno.nameOf(errno) + ", " + calls.strerror(errno);
  }
}
