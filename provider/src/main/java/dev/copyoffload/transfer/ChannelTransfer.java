package dev.copyoffload.transfer;

import static dev.copyoffload.linux.Constants.F_GETFL;
import static dev.copyoffload.linux.Constants.O_APPEND;
import static dev.copyoffload.linux.Constants.O_DSYNC;
import static dev.copyoffload.linux.Constants.SEEK_CUR;

import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.RangePolicy;
import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.OffloadChannels;

/**
 * Transfers between two of the JDK's own file channels, or declines so that the JDK's code runs.
 *
 * <p>Whatever a transfer must refuse is left to the JDK, which refuses it in its own words. Safe
 * for use by many threads.
 */
final class ChannelTransfer {
  /** Nothing was transferred and nothing has changed: the JDK's code must run. */
  static final long DECLINED = -1;

  private static final Thresholds THRESHOLDS = Thresholds.ofThisJdk();

  /** Stands for the offset that an open file keeps by itself, which then moves on. */
  private static final long ITS_OWN = -1;

  private static volatile @Nullable ChannelTransfer ready;

  private final SystemCalls calls;
  private final Engine engine;
  private final DeclineBackoff smallOffers = new DeclineBackoff();

  /** Where the JDK may share by itself, and then does as well as we. */
  private final DeclineBackoff offersToMove = new DeclineBackoff();

  ChannelTransfer(SystemCalls calls) {
    this.calls = calls;
    this.engine = new Engine(calls);
  }

  /** What does transfers, or null if that is the JDK's own code, now or for ever. */
  static @Nullable ChannelTransfer get() {
    ChannelTransfer current = ready;
    return current != null ? current : with(Platform.calls());
  }

  private static @Nullable ChannelTransfer with(@Nullable SystemCalls calls) {
    if (calls == null || FileChannelInternals.get() == null) {
      return null;
    }
    synchronized (ChannelTransfer.class) {
      ChannelTransfer current = ready;
      if (current == null) {
        current = new ChannelTransfer(calls);
        ready = current;
      }
      return current;
    }
  }

  /**
   * Mirrors {@link FileChannel#transferTo}: from an offset of the source to where the target is,
   * which moves on.
   *
   * @return bytes transferred, more than 0, or {@link #DECLINED}
   * @throws IOException as {@code transferTo}, for a channel that is closed meanwhile
   */
  long to(FileChannel source, long position, long count, FileChannel target) throws IOException {
    if (position < 0 || !isOffered(source, target, count)) {
      return DECLINED;
    }
    Object lock = count < Tuning.LOOKED_AT_FROM ? null : offsetLock(source);
    RangePolicy policy = new RangePolicy(lock, THRESHOLDS.toMovedFrom(), THRESHOLDS.toSharedFrom());
    return offer(source, source, position, target, ITS_OWN, count, policy);
  }

  /**
   * Mirrors {@link FileChannel#transferFrom}: from where the source is, which moves on, to an
   * offset of the target.
   *
   * @return bytes transferred, more than 0, or {@link #DECLINED}
   * @throws IOException as {@code transferFrom}, for a channel that is closed meanwhile
   */
  long from(FileChannel source, FileChannel target, long position, long count) throws IOException {
    if (position < 0 || !isOffered(source, target, count)) {
      return DECLINED;
    }
    RangePolicy policy = new RangePolicy(offsetLock(source), THRESHOLDS.fromMovedFrom());
    return offer(target, source, ITS_OWN, target, position, count, policy);
  }

  private long offer(
      FileChannel asked,
      FileChannel source,
      long sourceAt,
      FileChannel target,
      long targetAt,
      long count,
      RangePolicy policy)
      throws IOException {
    List<FileChannel> closedByInterrupt =
        FileChannelInternals.known().isUninterruptible(asked)
            ? List.of()
            : FileChannelInternals.known().interruptClosesBoth()
                ? List.of(source, target)
                : List.of(asked);
    HeldChannels bracket = new HeldChannels(source, target, closedByInterrupt);
    long moved =
        new Run(asked, bracket, source, sourceAt, target, targetAt, count, policy, null).run();
    if (count < Tuning.SMALL_TRANSFER) {
      smallOffers.note(moved > 0);
    }
    return moved;
  }

  /**
   * From where the source is to its end, to where the target is; both move on. Interrupts do
   * nothing, as in a stream.
   *
   * @return bytes transferred, more than 0, or {@link #DECLINED}; there may be more
   */
  long rest(FileChannel source, FileChannel target) throws IOException {
    if (!isOffered(source, target)) {
      return DECLINED;
    }
    RangePolicy policy = new RangePolicy(offsetLock(source), 0);
    HeldChannels bracket = new HeldChannels(source, target, List.of());
    return new Run(null, bracket, source, ITS_OWN, target, ITS_OWN, Long.MAX_VALUE, policy, null)
        .run();
  }

  /**
   * Rounds of a loop, from where the source is to where the target is; both move on by what is
   * returned.
   *
   * @param endsWithInterrupt whether the loop would find a channel closed
   * @return bytes transferred, or 0
   */
  long rounds(FileChannel source, FileChannel target, Rounds rounds, boolean endsWithInterrupt) {
    if (!isOffered(source, target)) {
      return 0;
    }
    RangePolicy policy = new RangePolicy(offsetLock(source), 0);
    HeldChannels bracket = new HeldChannels(source, target, endsWithInterrupt);
    Run run =
        new Run(null, bracket, source, ITS_OWN, target, ITS_OWN, Long.MAX_VALUE, policy, rounds);
    try {
      return Math.max(0, run.run());
    } catch (Throwable e) {
      // What was done is done, and the loop must know; whatever is wrong, it will meet as well.
      return run.done;
    }
  }

  /**
   * From an offset to an offset; neither channel's position moves.
   *
   * @return bytes transferred, more than 0, or {@link #DECLINED}; there may be more
   */
  long between(
      FileChannel source, long sourcePosition, long count, FileChannel target, long targetPosition)
      throws IOException {
    if (!isOffered(source, target)) {
      return DECLINED;
    }
    RangePolicy policy =
        new RangePolicy(count < Tuning.LOOKED_AT_FROM ? null : offsetLock(source), 0);
    HeldChannels bracket = new HeldChannels(source, target, List.of(source, target));
    return new Run(
            null, bracket, source, sourcePosition, target, targetPosition, count, policy, null)
        .run();
  }

  /** Under what a channel's own offset is used, or null: a stream uses it too, and asks nobody. */
  private static @Nullable Object offsetLock(FileChannel channel) {
    FileChannelInternals internals = FileChannelInternals.known();
    return internals.hasItsOffset(channel) ? internals.positionLock(channel) : null;
  }

  /** Whether a transfer that the JDK is asked for is worth offering. */
  private boolean isOffered(FileChannel source, FileChannel target, long count) {
    return count >= THRESHOLDS.offeredFrom()
        && (count >= Tuning.SMALL_TRANSFER || smallOffers.areWorthwhile())
        && (!THRESHOLDS.jdkShares() || offersToMove.areWorthwhile())
        && isOffered(source, target);
  }

  /** Whether nothing is wrong with this transfer that the JDK's code must find. */
  private boolean isOffered(FileChannel source, FileChannel target) {
    return OffloadChannels.isOwn(source)
        && OffloadChannels.isOwn(target)
        && source != target
        && source.isOpen()
        && target.isOpen()
        && FileChannelInternals.known().isReadable(source)
        && FileChannelInternals.known().isWritable(target)
        && !FileChannelInternals.known().isDirect(source)
        && !FileChannelInternals.known().isDirect(target)
        && !Thread.currentThread().isInterrupted();
  }

  /** What an open file is; no regular one if that cannot be had. */
  private FileStatus status(int descriptor) {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    calls.statx(descriptor, buffer);
    return FileStatus.of(buffer);
  }

  /**
   * One transfer.
   *
   * <p>Holds no lock while bytes are copied: size() takes it too. Where the offset that an open
   * file has by itself says where to begin, the bytes from there on are claimed: one lseek(2) moves
   * the offset behind them before the first is copied. So whoever else uses that offset, a thread
   * or another stream, goes on behind them, and no byte is read or written twice.
   */
  private final class Run implements HeldChannels.Body {
    private final @Nullable FileChannel asked;
    private final HeldChannels bracket;
    private final FileChannel source;
    private final long sourceAt;
    private final FileChannel target;
    private final long targetAt;
    private final long count;
    private final RangePolicy policy;
    private final @Nullable Rounds rounds;
    private @Nullable CopyReport report;

    /** How far the offsets have moved. */
    private long done;

    /**
     * A transfer that has not begun.
     *
     * @param asked the channel whose own code would do it, or null if there is none
     * @param sourceAt an offset, or {@link #ITS_OWN}
     * @param targetAt an offset, or {@link #ITS_OWN}
     */
    Run(
        @Nullable FileChannel asked,
        HeldChannels bracket,
        FileChannel source,
        long sourceAt,
        FileChannel target,
        long targetAt,
        long count,
        RangePolicy policy,
        @Nullable Rounds rounds) {
      this.asked = asked;
      this.bracket = bracket;
      this.source = source;
      this.sourceAt = sourceAt;
      this.target = target;
      this.targetAt = targetAt;
      this.count = count;
      this.policy = policy;
      this.rounds = rounds;
    }

    /** Returns the bytes transferred, more than 0, or {@link #DECLINED}. */
    long run() throws IOException {
      String from = FileChannelInternals.known().path(source);
      String to = FileChannelInternals.known().path(target);
      if ((sourceAt == ITS_OWN && from == null) || (targetAt == ITS_OWN && to == null)) {
        // Not opened here, like standard output: another process may write at the same offset.
        return DECLINED;
      }
      Object started = CopyObserver.started();
      try {
        long moved = bracket.run(this);
        return moved > 0 ? moved : DECLINED;
      } finally {
        CopyReport end = report;
        // A transfer of nothing is the JDK's: it tells of itself.
        if (end != null && end.end().bytes() > 0) {
          CopyObserver.ended(started, from, to, end);
        }
      }
    }

    @Override
    public long between(int from, int to) {
      FileStatus seen = status(from);
      if (!seen.isRegularFile()
          || (sourceAt != ITS_OWN && lengthAt(sourceAt, seen) == 0)
          || mayBeSharedByJdk(from)) {
        return 0;
      }
      int flags = calls.fcntl(to, F_GETFL, 0);
      if (flags < 0 || (flags & (O_APPEND | O_DSYNC)) != 0) {
        return 0;
      }
      FileStatus over = status(to);
      // Behind the end of the target JDK 17 does nothing, and 25 extends the file.
      if (!over.isRegularFile() || (asked == target && targetAt > over.size())) {
        return 0;
      }
      if (rounds != null && seen.isSameFile(over)) {
        // Each round reads what an earlier one has written.
        return 0;
      }
      done =
          sourceAt == ITS_OWN
              ? claimed(from, seen, to)
              : toTarget(from, sourceAt, lengthAt(sourceAt, seen), to);
      return done;
    }

    private boolean mayBeSharedByJdk(int from) {
      if (asked == null || !THRESHOLDS.jdkShares()) {
        return false;
      }
      boolean onlyMoves = engine.onlyMoves(from);
      offersToMove.note(onlyMoves);
      return !onlyMoves;
    }

    /** How much there is to transfer, or 0 if that is the JDK's or the caller's. */
    private long lengthAt(long offset, FileStatus seen) {
      // No more than there is now, as in the JDK: a writer may append for ever.
      long length = Math.min(count, seen.size() - offset);
      if (rounds != null) {
        length = rounds.of(length);
      }
      boolean sparse = policy.sourceOffsetLock() != null && seen.unallocated() > 0;
      boolean small = length < (asked == null ? Tuning.OFFERED_FROM : THRESHOLDS.offeredFrom());
      return small || (length < policy.moveFrom() && !sparse && engine.isKnownNotToShare(seen))
          ? 0
          : length;
    }

    private long claimed(int from, FileStatus seen, int to) {
      Object lock = FileChannelInternals.known().positionLock(source);
      long length;
      long end;
      synchronized (lock) {
        long at = calls.lseek(from, 0, SEEK_CUR);
        length = at < 0 ? 0 : lengthAt(at, seen);
        end = calls.lseek(from, length, SEEK_CUR);
      }
      long moved = 0;
      try {
        moved = end < length ? 0 : toTarget(from, end - length, length, to);
        return moved;
      } finally {
        giveBack(lock, from, end, length - moved);
      }
    }

    private long toTarget(int from, long fromAt, long length, int to) {
      if (targetAt != ITS_OWN || length == 0) {
        return copy(from, fromAt, length, to, targetAt);
      }
      Object lock = FileChannelInternals.known().positionLock(target);
      long end;
      synchronized (lock) {
        end = calls.lseek(to, length, SEEK_CUR);
      }
      long moved = 0;
      try {
        moved = end < length ? 0 : copy(from, fromAt, length, to, end - length);
        return moved;
      } finally {
        giveBack(lock, to, end, length - moved);
      }
    }

    private long copy(int from, long fromAt, long length, int to, long toAt) {
      if (length == 0) {
        return 0;
      }
      CopyReport end = engine.copyRange(from, fromAt, to, toAt, length, policy, bracket);
      report = end;
      long moved = end.end().bytes();
      return rounds == null ? moved : rounds.whole(moved, length);
    }

    /** Puts an offset back behind what was transferred, unless somebody has gone on from there. */
    private void giveBack(Object lock, int descriptor, long end, long unused) {
      if (unused > 0 && end >= 0) {
        synchronized (lock) {
          if (calls.lseek(descriptor, 0, SEEK_CUR) == end) {
            calls.lseek(descriptor, -unused, SEEK_CUR);
          }
        }
      }
    }
  }
}
