package dev.copyoffload.engine;

import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;
import org.jspecify.annotations.Nullable;

/** Copies a range: shares its whole blocks where that can be, keeps its holes, moves the rest. */
final class RangeCopy {
  /** A larger st_blksize is what a network likes to transfer, not what a file system shares. */
  private static final long LARGEST_BLOCK = 64 << 10;

  private static final Outcome SMALL = new Outcome.Declined(0, Reason.Rule.SMALL);

  private static final Outcome NO_FILE = new Outcome.Declined(0, Reason.Rule.NOT_REGULAR);

  private static final Outcome BEYOND_ANY_FILE =
      new Outcome.Declined(0, Reason.Rule.BEYOND_ANY_FILE);

  private final FilePair files;
  private final CopyRun run;
  private final MethodChains chains;
  private final NonSharingDevices nonSharing;
  private final @Nullable Object sourceOffsetLock;
  private final TransferGate gate;

  RangeCopy(
      FilePair files,
      CopyRun run,
      MethodChains chains,
      NonSharingDevices nonSharing,
      @Nullable Object sourceOffsetLock,
      TransferGate gate) {
    this.files = files;
    this.run = run;
    this.chains = chains;
    this.nonSharing = nonSharing;
    this.sourceOffsetLock = sourceOffsetLock;
    this.gate = gate;
  }

  Outcome run(Range request) {
    long asked = request.length();
    if (!gate.moves(asked) && !gate.shares(asked, false, false)) {
      return SMALL;
    }
    FileStatus source = files.statusOf(files.source());
    if (source == null) {
      return moveUnlessSmall(request, request, 0);
    }
    if (!source.isRegularFile()) {
      return NO_FILE;
    }
    long there = Math.max(0, source.size() - request.sourceOffset());
    Range range = request.first(Math.min(there, asked));
    long length = range.length();
    if (range.targetOffset() > Long.MAX_VALUE - length) {
      return BEYOND_ANY_FILE;
    }
    long unit = sharingUnit(range, source);
    boolean mayKeepHoles =
        sourceOffsetLock != null && TransferGate.keepsHoles(length, source.unallocated());
    if (!gate.moves(length) && unit == 0 && !mayKeepHoles) {
      return SMALL;
    }
    FileStatus target = files.statusOf(files.target());
    if (target == null) {
      return moveUnlessSmall(request, range, 0);
    }
    if (!target.isRegularFile()) {
      return NO_FILE;
    }
    boolean sameFile = source.isSameFile(target);
    if (sameFile && range.overlaps()) {
      return gate.moves(length) ? run.chain(chains.overlapping(), range) : SMALL;
    }
    // In one file, what the copy itself appends is not part of the source.
    Range wanted = sameFile ? range : request;
    SharedMiddle middle =
        unit == 0 ? null : SharedMiddle.of(range, unit, source.size(), target.size());
    long done = 0;
    if (middle != null
        && gate.shares(length, nonSharing.contains(source.device(), target.device()), false)) {
      long head = middle.head();
      if (head > 0) {
        Outcome moved = run.move(range.first(head), head);
        if (!(moved instanceof Outcome.Completed) || moved.bytes() < head) {
          return moved;
        }
      }
      Outcome shared = run.chain(chains.sharingRange(), range.part(head, middle.length()));
      nonSharing.learn(shared, source.device(), target.device());
      done = head + shared.bytes();
      if (shared instanceof Outcome.Completed) {
        // What is asked for and was not there: a writer may have appended to the source meanwhile.
        return run.move(wanted.after(done), length - done).plus(done);
      }
      if (!(shared instanceof Outcome.Declined)) {
        return shared.plus(head);
      }
    }
    if (mayKeepHoles && run.keepsHoles(source)) {
      Range rest = range.after(done);
      long targetSize = done == 0 ? target.size() : Math.max(target.size(), rest.targetOffset());
      Outcome outcome =
          new SparseCopy(files, run, rest, source, targetSize, sourceOffsetLock)
              .run(wanted.after(done));
      if (!(outcome instanceof Outcome.Declined)) {
        return outcome.plus(done);
      }
    }
    return moveUnlessSmall(wanted, range, done);
  }

  /** Moves what is left behind the first {@code done} bytes, of which a range is known. */
  private Outcome moveUnlessSmall(Range asked, Range range, long done) {
    return done > 0 || gate.moves(range.length())
        ? run.move(asked.after(done), range.length() - done).plus(done)
        : SMALL;
  }

  /** The size of the blocks that may be shared, or 0 if none may. */
  private long sharingUnit(Range range, FileStatus source) {
    long length = range.length();
    boolean refused = nonSharing.contains(source.device());
    if (!gate.shares(length, refused, false)
        || (!gate.shares(length, refused, true) && files.typeOf(files.source()).sharesSlowly())) {
      return 0;
    }
    long unit = source.blockSize();
    if (unit > LARGEST_BLOCK) {
      FileSystemStatus fileSystem = files.fileSystemOf(files.source());
      unit = fileSystem == null ? 0 : fileSystem.blockSize();
    }
    boolean congruent = ((range.sourceOffset() ^ range.targetOffset()) & (unit - 1)) == 0;
    return Long.bitCount(unit) == 1 && congruent ? unit : 0;
  }
}
