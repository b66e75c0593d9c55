package dev.copyoffload.engine;

import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;

/** Copies a range: shares its whole blocks where that can be, keeps its holes, moves the rest. */
final class RangeCopy {
  /** A larger st_blksize is what a network likes to transfer, not what a file system shares. */
  private static final long LARGEST_BLOCK = 64 << 10;

  private static final Outcome SMALL = new Outcome.Declined(0, Reason.Rule.SMALL);

  private static final Outcome NO_FILE = new Outcome.Declined(0, Reason.Rule.NOT_REGULAR);

  private static final Outcome BEYOND_ANY_FILE =
      new Outcome.Declined(0, Reason.Rule.BEYOND_ANY_FILE);

  private final Ends ends;
  private final Transfer transfer;
  private final NonSharingDevices nonSharing;
  private final RangePolicy policy;

  RangeCopy(Ends ends, Transfer transfer, NonSharingDevices nonSharing, RangePolicy policy) {
    this.ends = ends;
    this.transfer = transfer;
    this.nonSharing = nonSharing;
    this.policy = policy;
  }

  Outcome run(Span request) {
    // Neither blocks to share nor holes to keep: nothing is asked for such a range.
    boolean plain = request.length() < Tuning.SHARE_RANGE_FROM;
    if (plain && isSmall(request)) {
      return SMALL;
    }
    FileStatus source = ends.statusOf(ends.source());
    if (source == null) {
      return moveUnlessSmall(request, request);
    }
    if (!source.isRegularFile()) {
      return NO_FILE;
    }
    long there = Math.max(0, source.size() - request.sourceOffset());
    Span span = request.first(Math.min(there, request.length()));
    if (span.targetOffset() > Long.MAX_VALUE - span.length()) {
      return BEYOND_ANY_FILE;
    }
    long unit = sharingUnit(span, source);
    if (isSmall(span) && unit == 0 && !mayKeepHoles(span, source)) {
      return SMALL;
    }
    FileStatus target = ends.statusOf(ends.target());
    if (target == null) {
      return moveUnlessSmall(request, span);
    }
    if (!target.isRegularFile()) {
      return NO_FILE;
    }
    boolean sameFile = source.isSameFile(target);
    if (sameFile && span.overlaps()) {
      return isSmall(span) ? SMALL : transfer.moveOverlapping(span);
    }
    // In one file, what the copy itself appends is not part of the source.
    return new Run(sameFile ? span : request, span, source, target).toEnd(unit);
  }

  private boolean isSmall(Span span) {
    return span.length() < policy.moveFrom();
  }

  private Outcome moveUnlessSmall(Span asked, Span span) {
    return isSmall(span) ? SMALL : transfer.move(asked, span.length());
  }

  private boolean mayKeepHoles(Span span, FileStatus source) {
    return policy.sourceOffsetLock() != null
        && span.length() >= Tuning.SHARE_RANGE_FROM
        && source.unallocated() >= Tuning.SMALLEST_HOLE;
  }

  /** The size of the blocks that may be shared, or 0 if none may. */
  private long sharingUnit(Span span, FileStatus source) {
    if (span.length() < Tuning.SHARE_RANGE_FROM
        || (span.length() < Tuning.ASK_AGAIN_FROM && nonSharing.contains(source.device()))) {
      return 0;
    }
    if (span.length() < policy.slowlySharedFrom() && ends.typeOf(ends.source()).sharesSlowly()) {
      return 0;
    }
    long unit = source.blockSize();
    if (unit > LARGEST_BLOCK) {
      FileSystemStatus fileSystem = ends.fileSystemOf(ends.source());
      unit = fileSystem == null ? 0 : fileSystem.blockSize();
    }
    boolean congruent = ((span.sourceOffset() ^ span.targetOffset()) & (unit - 1)) == 0;
    return Long.bitCount(unit) == 1 && congruent ? unit : 0;
  }

  /** A range whose two files are known. */
  private final class Run {
    private final Span asked;
    private final Span span;
    private final FileStatus source;
    private final FileStatus target;

    /**
     * A copy that has not begun.
     *
     * @param span what there is of {@code asked}
     */
    Run(Span asked, Span span, FileStatus source, FileStatus target) {
      this.asked = asked;
      this.span = span;
      this.source = source;
      this.target = target;
    }

    Outcome toEnd(long unit) {
      SharedMiddle middle =
          unit == 0 ? null : SharedMiddle.of(span, unit, source.size(), target.size());
      if (middle == null || isKnownNotToShare(middle)) {
        return unshared(0);
      }
      long head = middle.head();
      if (head > 0) {
        Outcome moved = transfer.move(span.first(head), head);
        if (!(moved instanceof Outcome.Completed) || moved.bytes() < head) {
          return moved;
        }
      }
      Outcome shared = transfer.share(span.after(head).first(middle.length()));
      nonSharing.learn(shared, source.device(), target.device());
      long done = head + shared.bytes();
      if (shared instanceof Outcome.Completed) {
        // What is asked for and was not there: a writer may have appended to the source meanwhile.
        return transfer.move(asked.after(done), span.length() - done).plus(done);
      }
      return shared instanceof Outcome.Declined ? unshared(done).plus(done) : shared.plus(head);
    }

    private boolean isKnownNotToShare(SharedMiddle middle) {
      // A small range is declined with nothing moved: no head is moved on the mere chance.
      boolean asksAgain =
          span.length() >= Tuning.ASK_AGAIN_FROM && (middle.head() == 0 || !isSmall(span));
      return !asksAgain && nonSharing.contains(source.device(), target.device());
    }

    /** What is left behind the first {@code done} bytes. */
    private Outcome unshared(long done) {
      Span rest = span.after(done);
      if (mayKeepHoles(span, source) && transfer.keepsHoles(source)) {
        long targetSize = done == 0 ? target.size() : Math.max(target.size(), rest.targetOffset());
        Outcome outcome =
            new SparseMove(
                    ends,
                    transfer,
                    rest,
                    source,
                    targetSize,
                    policy.sourceOffsetLock(),
                    transfer::extend)
                .run(asked.after(done));
        if (!(outcome instanceof Outcome.Declined)) {
          return outcome;
        }
      }
      return done == 0 && isSmall(span) ? SMALL : transfer.move(asked.after(done), rest.length());
    }
  }
}
