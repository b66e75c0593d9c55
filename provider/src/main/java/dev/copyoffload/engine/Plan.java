package dev.copyoffload.engine;

import java.util.List;
import java.util.function.LongConsumer;

/** Which methods to try in which order. */
final class Plan {
  /** Below this, setting up a pipe costs more than it gains. */
  static final long SPLICE_FROM = 256 << 10;

  private final List<CopyMethod> sharing = List.of(new Reflink());
  private final List<CopyMethod> sharingRange = List.of(new ReflinkRange());
  private final List<CopyMethod> remotely;
  private final List<CopyMethod> large;
  private final List<CopyMethod> small;
  private final List<CopyMethod> overlapping;

  private final Buffers buffers;

  Plan(Pool<Pipe> pipes, Buffers buffers) {
    this.buffers = buffers;
    CopyMethod splice = new Splice(pipes);
    CopyMethod sendfile = new Sendfile();
    CopyMethod readWrite = new ReadWrite(buffers);
    remotely = List.of(new CopyFileRange(), splice, sendfile, readWrite);
    large = List.of(splice, sendfile, readWrite);
    // Those behind it are for a program that has used up its memory.
    small = List.of(readWrite, splice, sendfile);
    overlapping = List.of(new OverlappingMove(buffers));
  }

  /** The ways that share whole blocks of a range. */
  List<CopyMethod> sharingRange() {
    return sharingRange;
  }

  /** The ways that share a whole file: tried first, half a microsecond where they are refused. */
  List<CopyMethod> sharing() {
    return sharing;
  }

  /** The way that makes holes of zeros; one for each copy, since it tells of them. */
  List<CopyMethod> leavingZerosOut(Ends ends, LongConsumer leftOut) {
    return List.of(new ZerosLeftOut(buffers, ends, leftOut));
  }

  /** The way that moves a range within one file onto one that overlaps it. */
  List<CopyMethod> overlapping() {
    return overlapping;
  }

  /** The ways that move bytes between file systems one of which may copy by itself. */
  List<CopyMethod> movingRemotely() {
    return remotely;
  }

  /** The ways that move {@code bytes} bytes. */
  List<CopyMethod> moving(long bytes) {
    return bytes < SPLICE_FROM ? small : large;
  }
}
