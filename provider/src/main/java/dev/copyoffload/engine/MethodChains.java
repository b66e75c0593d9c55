package dev.copyoffload.engine;

import java.util.function.LongConsumer;

/** Which methods to try in which order; those of a plain first copy are made once. */
final class MethodChains {
  private final CopyMethod[] sharing = new CopyMethod[] {new Reflink()};
  private final CopyMethod splice;
  private final CopyMethod sendfile = new Sendfile();
  private final CopyMethod readWrite;
  private final CopyMethod[] large;
  private final CopyMethod[] small;

  private final Buffers buffers;

  MethodChains(Pool<Pipe> pipes, Buffers buffers) {
    this.buffers = buffers;
    splice = new Splice(pipes);
    readWrite = new ReadWrite(buffers);
    large = new CopyMethod[] {splice, sendfile, readWrite};
    // Those behind it are for a program that has used up its memory.
    small = new CopyMethod[] {readWrite, splice, sendfile};
  }

  /** The ways that share whole blocks of a range. */
  CopyMethod[] sharingRange() {
    return new CopyMethod[] {new ReflinkRange()};
  }

  /** The ways that share a whole file: tried first, half a microsecond where they are refused. */
  CopyMethod[] sharing() {
    return sharing;
  }

  /** The way that makes holes of zeros; one for each copy, since it tells of them. */
  CopyMethod[] leavingZerosOut(FilePair files, LongConsumer leftOut) {
    return new CopyMethod[] {new ZerosLeftOut(buffers, files, leftOut)};
  }

  /** The way that moves a range within one file onto one that overlaps it. */
  CopyMethod[] overlapping() {
    return new CopyMethod[] {new OverlappingCopy(buffers)};
  }

  /** The ways that move bytes between file systems one of which may copy by itself. */
  CopyMethod[] movingRemotely() {
    return new CopyMethod[] {new CopyFileRange(), splice, sendfile, readWrite};
  }

  /** The ways that move {@code bytes} bytes. */
  CopyMethod[] moving(long bytes) {
    return bytes < Tuning.SPLICE_FROM ? small : large;
  }
}
