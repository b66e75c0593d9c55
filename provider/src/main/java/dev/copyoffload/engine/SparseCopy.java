package dev.copyoffload.engine;

import static dev.copyoffload.linux.Constants.FALLOC_FL_KEEP_SIZE;
import static dev.copyoffload.linux.Constants.FALLOC_FL_PUNCH_HOLE;
import static dev.copyoffload.linux.Constants.SEEK_CUR;
import static dev.copyoffload.linux.Constants.SEEK_DATA;
import static dev.copyoffload.linux.Constants.SEEK_HOLE;
import static dev.copyoffload.linux.Constants.SEEK_SET;

import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * Moves the data of a range and keeps its holes: punches them where the target has bytes, leaves
 * them out behind its end.
 *
 * <p>Goes by the map only as far as the source reached at the start: what is appended meanwhile is
 * moved like a plain file, so that a busy writer cannot keep the map growing.
 */
final class SparseCopy {
  private final FilePair files;
  private final CopyRun run;
  private final Range range;
  private final FileStatus source;
  private final long targetSize;
  private final @Nullable Object offsetLock;
  private long position;

  /** Where the range ends in the source. */
  private final long end;

  /** Behind {@code position}, as far as was asked. */
  private long nextData;

  /** The last bytes before {@code position}: a hole behind the target's end, not yet real. */
  private long pending;

  private boolean punches = true;

  /** A negated errno, if the source's own offset was not put back. */
  private long putBack;

  /**
   * A move that has not begun.
   *
   * @param range of the source, at most to its end
   * @param source before the copy
   * @param targetSize bytes before the copy; from there on the target reads as zeros
   * @param offsetLock what everybody holds who uses the source's own offset, where others do
   */
  SparseCopy(
      FilePair files,
      CopyRun run,
      Range range,
      FileStatus source,
      long targetSize,
      @Nullable Object offsetLock) {
    this.files = files;
    this.run = run;
    this.range = range;
    this.source = source;
    this.targetSize = targetSize;
    this.offsetLock = offsetLock;
    this.end = range.sourceOffset() + range.length();
  }

  /**
   * Moves the range, and what {@code asked} has behind it by then; declined, with nothing moved, if
   * the range has no hole that is known.
   */
  Outcome run(Range asked) {
    Outcome walked = walk();
    if (putBack < 0) {
      return new Outcome.Failed(position - pending, "lseek", (int) -putBack);
    }
    if (!(walked instanceof Outcome.Completed)) {
      return walked;
    }
    if (position == 0) {
      return new Outcome.Declined(0, Reason.Rule.NO_HOLES);
    }
    Outcome rest = moveRest(asked);
    if (rest.bytes() > 0) {
      settle();
    } else if (rest instanceof Outcome.Completed && pending > 0) {
      Outcome lengthened = run.lengthen(range.targetOffset() + position);
      if (!(lengthened instanceof Outcome.Completed)) {
        return lengthened.plus(position - pending);
      }
      settle();
    }
    return rest.plus(position - pending);
  }

  /** Whatever lies behind the walk: nothing, unless the map failed or the source grew. */
  private Outcome moveRest(Range asked) {
    Range rest = asked.after(position);
    boolean done = position == range.length();
    if (rest.length() == 0
        || (done && files.sourceSizeNow() <= range.sourceOffset() + range.length())) {
      return new Outcome.Completed(0);
    }
    return run.moveToNew(rest, range.length() - position);
  }

  /** Where data or a hole begins, at {@code from} or behind it, or less than 0. */
  private long seek(long from, int whence) {
    if (offsetLock == null) {
      return files.calls().lseek(files.source(), from, whence);
    }
    synchronized (offsetLock) {
      long offset = files.calls().lseek(files.source(), 0, SEEK_CUR);
      if (offset < 0) {
        return -1;
      }
      long found = files.calls().lseek(files.source(), from, whence);
      do {
        putBack = files.calls().lseek(files.source(), offset, SEEK_SET);
      } while (FilePair.isInterrupted(putBack));
      return putBack < 0 ? -1 : found;
    }
  }

  /** Completed at the end of the range, or where the map cannot be followed any further. */
  private Outcome walk() {
    nextData = findData(range.sourceOffset());
    while (range.sourceOffset() + position < end) {
      if (files.cancellation().isRequested()) {
        return new Outcome.Cancelled(position - pending);
      }
      long at = range.sourceOffset() + position;
      if (nextData < at) {
        // No map here (EINVAL), or one that contradicts itself.
        break;
      }
      if (nextData - at >= Tuning.SMALLEST_HOLE) {
        long hole = nextData - at;
        Outcome passed = passHole(hole);
        if (stops(passed, hole)) {
          return stopped(passed);
        }
        at = nextData;
      }
      if (at < end) {
        long length = endOfData(at) - at;
        if (length <= 0 || length == range.length()) {
          break;
        }
        Outcome moved = moveData(length);
        if (stops(moved, length)) {
          return stopped(moved);
        }
      }
    }
    return new Outcome.Completed(position);
  }

  /** Where data begins: at {@code at}, behind it, or at the end; less if the map does not say. */
  private long findData(long at) {
    long data = seek(at, SEEK_DATA);
    return Errno.ENXIO.is(data) && isHoleTrusted(at) && isUnchanged() ? end : Math.min(data, end);
  }

  /**
   * Whether nobody has touched the source: else it was shorter when it was asked for data, and is
   * long again by now, and zeros must not stand for what is gone.
   */
  private boolean isUnchanged() {
    FileStatus now = files.statusOf(files.source());
    return now != null
        && now.size() == source.size()
        && now.lastingKey().equals(source.lastingKey());
  }

  /** Whether a hole behind so much data is left out. */
  static boolean isWorthwhile(long hole, long data) {
    return hole >= Tuning.SMALLEST_HOLE && hole >= Math.min(data / 2, Tuning.SPLICE_FROM);
  }

  /** Where the next hole worth leaving out begins, or where to ask again; no further than there. */
  private long endOfData(long from) {
    long data = nextData;
    long known = from;
    // A map in small pieces takes longer to read than the pieces.
    for (int small = 0; small <= Tuning.MOST_SMALL_HOLES && data < end; small++) {
      long hole = Math.min(seek(data, SEEK_HOLE), end);
      if (hole <= data) {
        return known;
      }
      known = hole;
      nextData = hole < end ? findData(hole) : end;
      if (nextData < hole || isWorthwhile(nextData - hole, hole - data)) {
        return hole;
      }
      data = nextData;
    }
    if (data < end) {
      data = Math.min(end, data + Tuning.FRAGMENTED);
      nextData = data < end ? findData(data) : end;
    }
    return data;
  }

  /** Whether there may be no data behind: not where the block count says otherwise. */
  private boolean isHoleTrusted(long at) {
    // openzfs/zfs#8816, #15526: no data at all in a file that has some.
    return at > range.sourceOffset()
        || source.blocks() == 0
        || (range.sourceOffset() > 0 && seek(0, SEEK_DATA) >= 0);
  }

  private Outcome passHole(long length) {
    long inside = Math.min(length, targetSize - range.targetOffset() - position);
    Outcome outcome = inside <= 0 ? new Outcome.Completed(0) : punch(inside);
    position += outcome.bytes();
    if (stops(outcome, inside)) {
      return outcome;
    }
    pending = length - outcome.bytes();
    position += pending;
    return new Outcome.Completed(length);
  }

  private Outcome punch(long length) {
    long at = range.targetOffset() + position;
    int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    int result = -1;
    while (punches && result < 0) {
      result = files.calls().fallocate(files.target(), mode, at, length);
      punches = result == 0 || FilePair.isInterrupted(result);
      if (result < 0 && files.cancellation().isRequested()) {
        return new Outcome.Cancelled(0);
      }
    }
    if (!punches) {
      // Refused: zeros then, which the source has.
      return run.move(range.after(position).first(length), length);
    }
    run.accountHole(length);
    return new Outcome.Completed(length);
  }

  private Outcome moveData(long length) {
    Outcome outcome = run.moveToNew(range.after(position).first(length), length);
    if (outcome.bytes() > 0) {
      settle();
    }
    position += outcome.bytes();
    return outcome;
  }

  /** What lies behind it makes a hole real. */
  private void settle() {
    run.accountHole(pending);
    pending = 0;
  }

  private static boolean stops(Outcome step, long wanted) {
    return !(step instanceof Outcome.Completed) || step.bytes() < wanted;
  }

  /** The end of the walk; a short count is the source's end, which is looked for behind it. */
  private Outcome stopped(Outcome step) {
    return step instanceof Outcome.Completed
        ? new Outcome.Completed(position)
        : step.plus(position - pending - step.bytes());
  }
}
