package dev.copyoffload.engine;

import org.jspecify.annotations.Nullable;

/**
 * Which methods to try in which order.
 *
 * <p>Those that move are made when the first copy moves: a new JVM whose copies share has none of
 * their classes.
 */
final class MethodChains {
  private final CopyMethod[] sharing = new CopyMethod[] {new Reflink()};
  private volatile @Nullable Moving moving;

  /** The methods that move bytes, with the pipes and buffers that they keep for the next copy. */
  static final class Moving {
    private final Buffers buffers;
    private final CopyMethod splice = new Splice(new Pool<>(Tuning.IDLE_KEPT));
    private final CopyMethod sendfile = new Sendfile();
    private final CopyMethod readWrite;
    private final CopyMethod[] large;
    private final CopyMethod[] small;

    Moving(Buffers buffers) {
      this.buffers = buffers;
      readWrite = new ReadWrite(buffers);
      large = new CopyMethod[] {splice, sendfile, readWrite};
      // Those behind it are for a program that has used up its memory.
      small = new CopyMethod[] {readWrite, splice, sendfile};
    }
  }

  MethodChains(@Nullable Moving moving) {
    this.moving = moving;
  }

  private Moving moving() {
    Moving made = moving;
    return made == null ? make() : made;
  }

  private Moving make() {
    // Outside of the lock: while its class is defined, another agent may copy a file.
    Moving made = new Moving(new Buffers(Tuning.IDLE_KEPT));
    synchronized (this) {
      Moving first = moving;
      if (first == null) {
        moving = made;
      }
      return first == null ? made : first;
    }
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
  CopyMethod[] leavingZerosOut(FilePair files, CopyRun run) {
    return new CopyMethod[] {new ZerosLeftOut(moving().buffers, files, run)};
  }

  /** The way that moves a range within one file onto one that overlaps it. */
  CopyMethod[] overlapping() {
    return new CopyMethod[] {new OverlappingCopy(moving().buffers)};
  }

  /** The ways that move bytes between file systems one of which may copy by itself. */
  CopyMethod[] movingRemotely() {
    Moving all = moving();
    return new CopyMethod[] {new CopyFileRange(), all.splice, all.sendfile, all.readWrite};
  }

  /** The ways that move {@code bytes} bytes. */
  CopyMethod[] moving(long bytes) {
    Moving all = moving();
    return bytes < Tuning.SPLICE_FROM ? all.small : all.large;
  }
}
