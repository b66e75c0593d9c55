package dev.copyoffload.transfer;

import static dev.copyoffload.linux.Constants.F_GETFL;
import static dev.copyoffload.linux.Constants.O_APPEND;
import static dev.copyoffload.linux.Constants.O_DSYNC;
import static dev.copyoffload.linux.Constants.SEEK_CUR;

import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.Reason;
import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.OffloadChannels;
import sun.nio.ch.TransferHook;

/**
 * Transfers between two of the JDK's own file channels, or declines by 0: nothing has changed, and
 * the JDK's code must run.
 *
 * <p>Whatever a transfer must refuse is left to the JDK, which refuses it in its own words. Safe
 * for use by many threads.
 */
final class ChannelTransfer {
  private static final TransferGate TO = TransferGate.transferTo(Capability.JDK_SHARES);
  private static final TransferGate FROM = TransferGate.transferFrom(Capability.JDK_SHARES);

  /** Stands for the offset that an open file keeps by itself, which then moves on. */
  private static final long ITS_OWN = -1;

  /** What InputStream.transferTo does where it is asked for all (JDK 17). */
  private static final Rounds READS = new Rounds(Tuning.SMALL_STREAM, false);

  /** What the kernel, and so the JDK, transfers at once: programs keep the result in an int. */
  private static final long MOST_AT_ONCE = 0x7FFF_F000;

  private static volatile @Nullable ChannelTransfer ready;

  /** Whether what tells of a transfer that is the JDK's has been set up. */
  private static volatile boolean hasToldOfLeft;

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
    return current != null ? current : HeldChannels.hasStack() ? with(Platform.calls()) : null;
  }

  private static @Nullable ChannelTransfer with(@Nullable SystemCalls calls) {
    if (calls == null || !FileChannelInternals.areKnown()) {
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
   * @return bytes transferred, or 0
   * @throws IOException as {@code transferTo}, for a channel that is closed meanwhile
   */
  long to(FileChannel source, long position, long wanted, FileChannel target) throws IOException {
    long count = Math.min(wanted, MOST_AT_ONCE);
    return position < 0 || !isWorthwhile(TO, atMost(TO, count, source, position), source, target)
        ? 0
        : new Transfer(TO, source, source, position, target, ITS_OWN, count, null, false).run(true);
  }

  /**
   * Mirrors {@link FileChannel#transferFrom}: from where the source is, which moves on, to an
   * offset of the target.
   *
   * @return bytes transferred, or 0
   * @throws IOException as {@code transferFrom}, for a channel that is closed meanwhile
   */
  long from(FileChannel source, FileChannel target, long position, long count) throws IOException {
    return position < 0 || !isWorthwhile(FROM, atMost(FROM, count, source, 0), source, target)
        ? 0
        : new Transfer(FROM, target, source, ITS_OWN, target, position, count, null, false)
            .run(true);
  }

  /**
   * From where the source is to its end, to where the target is; both move on. Interrupts do
   * nothing, as in a stream.
   *
   * @return bytes transferred, or 0; there may be more
   */
  long rest(FileChannel source, FileChannel target) throws IOException {
    long transferred = 0;
    long moved = 0;
    do {
      transferred += moved;
      moved = ofStreams(source, target, READS, false).run(transferred == 0);
    } while (moved > 0);
    return transferred;
  }

  /**
   * Rounds of a loop, from where the source is to where the target is; both move on by what is
   * returned.
   *
   * @param endsWithInterrupt whether the loop would find a channel closed
   * @return bytes transferred, or 0
   */
  long rounds(FileChannel source, FileChannel target, Rounds rounds, boolean endsWithInterrupt) {
    Transfer transfer = ofStreams(source, target, rounds, endsWithInterrupt);
    try {
      return transfer.run(true);
    } catch (Throwable e) {
      if (TransferHook.isThreadDeath(e)) {
        throw (Error) e;
      }
      // What was done is done, and the loop must know; whatever is wrong, it will meet as well.
      return transfer.done;
    }
  }

  /**
   * From an offset to an offset; neither channel's position moves.
   *
   * @return bytes transferred, or 0; there may be more
   */
  long between(
      FileChannel source, long sourcePosition, long count, FileChannel target, long targetPosition)
      throws IOException {
    return new Transfer(
            TransferGate.RANGES,
            null,
            source,
            sourcePosition,
            target,
            targetPosition,
            count,
            null,
            false)
        .run(true);
  }

  private Transfer ofStreams(
      FileChannel source, FileChannel target, Rounds rounds, boolean endsWithInterrupt) {
    return new Transfer(
        TransferGate.STREAMS,
        null,
        source,
        ITS_OWN,
        target,
        ITS_OWN,
        Long.MAX_VALUE,
        rounds,
        endsWithInterrupt);
  }

  /**
   * The length of a transfer, as far as one question tells that takes less than all that comes
   * before a transfer: streams of a JDK that shares ask for as much as there can be.
   *
   * @throws IOException as the JDK's own code, for a channel that is closed meanwhile
   */
  private static long atMost(TransferGate gate, long count, FileChannel source, long position)
      throws IOException {
    return gate.jdkShares()
            && gate.offers(count)
            && OffloadChannels.isOwn(source)
            && source.isOpen()
            // That closes what the JDK would not, or not first.
            && !Thread.currentThread().isInterrupted()
        ? Math.min(count, source.size() - position)
        : count;
  }

  /**
   * Whether a transfer that the JDK is asked for may gain, as far as its length tells, and fits.
   */
  private boolean isWorthwhile(
      TransferGate gate, long count, FileChannel source, FileChannel target) {
    boolean gains = gate.offers(count);
    if (gains
        && (count >= Tuning.SMALL_TRANSFER || smallOffers.areWorthwhile())
        && (!gate.jdkShares() || offersToMove.areWorthwhile())) {
      return HeldChannels.hasStack();
    }
    left(source, target, gains ? Reason.Rule.DECLINED_OF_LATE : Reason.Rule.SMALL);
    return false;
  }

  private static void left(FileChannel source, FileChannel target, Reason why) {
    if (!hasToldOfLeft && !HeldChannels.hasStack()) {
      return;
    }
    Object recorded = CopyObserver.copyLeftToJdk();
    hasToldOfLeft = true;
    if (recorded != null) {
      CopyObserver.left(recorded, nameOf(source), nameOf(target), why);
    }
  }

  private static @Nullable String nameOf(FileChannel channel) {
    return OffloadChannels.isOwn(channel) ? OffloadChannels.path(channel) : null;
  }

  /** Why nothing was transferred. */
  private static Reason whyNot(Outcome end) {
    if (end instanceof Outcome.Declined no) {
      return no.reason();
    }
    if (end instanceof Outcome.Failed failed) {
      return new Reason.Refused(failed.errno());
    }
    return end instanceof Outcome.Cancelled ? Reason.Rule.OBSTACLE : Reason.Rule.SMALL;
  }

  /**
   * One transfer.
   *
   * <p>Holds no lock while bytes are copied: size() takes it too. Where the offset that an open
   * file has by itself says where to begin, the bytes from there on are claimed: one lseek(2) moves
   * the offset behind them before the first is copied. So whoever else uses that offset, a thread
   * or another stream, goes on behind them, and no byte is read or written twice.
   */
  private final class Transfer extends HeldChannels {
    private final TransferGate gate;
    private final @Nullable FileChannel asked;
    private final long sourceAt;
    private final long targetAt;
    private final long count;
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
    Transfer(
        TransferGate gate,
        @Nullable FileChannel asked,
        FileChannel source,
        long sourceAt,
        FileChannel target,
        long targetAt,
        long count,
        @Nullable Rounds rounds,
        boolean endsWithInterrupt) {
      super(source, target, endsWithInterrupt);
      this.gate = gate;
      this.asked = asked;
      this.sourceAt = sourceAt;
      this.targetAt = targetAt;
      this.count = count;
      this.rounds = rounds;
    }

    /**
     * Runs it where that gains.
     *
     * @param tells whether it is told if it is declined
     * @return the bytes transferred, or 0
     */
    long run(boolean tells) throws IOException {
      Object started = CopyObserver.started();
      Reason why = obstacle();
      try {
        if (why == null) {
          Outcome end = run(closedByInterrupt());
          if (asked != null && count < Tuning.SMALL_TRANSFER) {
            smallOffers.note(end.bytes() > 0);
          }
          if (end.bytes() > 0) {
            return end.bytes();
          }
          why = whyNot(end);
        }
      } finally {
        CopyReport end = report;
        if (end != null && end.end().bytes() > 0) {
          CopyObserver.ended(started, nameOf(source), nameOf(target), end);
        } else if (why != null && tells) {
          left(source, target, why);
        }
      }
      return 0;
    }

    private List<FileChannel> closedByInterrupt() {
      boolean streams = sourceAt == ITS_OWN && targetAt == ITS_OWN;
      if (streams || (asked != null && OffloadChannels.isUninterruptible(asked))) {
        return List.of();
      }
      return asked == null || FileChannelInternals.interruptClosesBoth()
          ? List.of(source, target)
          : List.of(asked);
    }

    /** Why it is declined before a system call is made, or null. */
    private @Nullable Reason obstacle() {
      if (!OffloadChannels.isOwn(source)
          || !OffloadChannels.isOwn(target)
          || source == target
          || !source.isOpen()
          || !target.isOpen()
          || !OffloadChannels.isReadable(source)
          || !OffloadChannels.isWritable(target)
          || OffloadChannels.isDirect(source)
          || OffloadChannels.isDirect(target)
          || Thread.currentThread().isInterrupted()) {
        return Reason.Rule.OBSTACLE;
      }
      return (sourceAt == ITS_OWN && OffloadChannels.path(source) == null)
              || (targetAt == ITS_OWN && OffloadChannels.path(target) == null)
          // Not opened here, like standard output: another process may write at the same offset.
          ? Reason.Rule.INHERITED
          : null;
    }

    @Override
    Outcome between(int from, int to) {
      FileStatus seen = FileStatus.of(calls, from);
      if (seen == null || !seen.isRegularFile()) {
        return declined(Reason.Rule.NOT_REGULAR);
      }
      long length = sourceAt == ITS_OWN ? 0 : lengthAt(sourceAt, seen);
      if (length == 0 && sourceAt != ITS_OWN) {
        return declined(Reason.Rule.SMALL);
      }
      if (gate.jdkShares()) {
        boolean onlyMoves = engine.onlyMoves(from);
        offersToMove.note(onlyMoves);
        if (!onlyMoves) {
          return declined(Reason.Rule.JDK_SHARES);
        }
      }
      int flags = calls.fcntl(to, F_GETFL, 0);
      if (flags < 0 || (flags & (O_APPEND | O_DSYNC)) != 0) {
        return declined(Reason.Rule.SYNCHRONOUS);
      }
      FileStatus over = FileStatus.of(calls, to);
      if (over == null || !over.isRegularFile()) {
        return declined(Reason.Rule.NOT_REGULAR);
      }
      if (asked == target && targetAt > over.size()) {
        // There JDK 17 does nothing, and 25 extends the file.
        return declined(Reason.Rule.BEHIND_THE_END);
      }
      boolean isOneFile = seen.isSameFile(over);
      return rounds != null && isOneFile
          ? declined(Reason.Rule.READS_ITS_OWN)
          : claimed(from, seen, length, to, isOneFile);
    }

    private Outcome declined(Reason why) {
      return new Outcome.Declined(0, why);
    }

    /** How much there is to transfer, or 0 if that is the JDK's or the caller's. */
    private long lengthAt(long offset, FileStatus seen) {
      // No more than there is now, as in the JDK: a writer may append for ever.
      long length = Math.min(count, seen.size() - offset);
      if (rounds != null) {
        length = rounds.of(length);
      }
      long unallocated = offsetLock() == null ? 0 : seen.unallocated();
      return gate.leaves(length, engine.isKnownNotToShare(seen), unallocated) ? 0 : length;
    }

    /** Under what the source's offset is used, if holes are looked for: a stream asks nobody. */
    private @Nullable Object offsetLock() {
      return gate.looksForHoles(count) && FileChannelInternals.hasItsOffset(source)
          ? OffloadChannels.positionLock(source)
          : null;
    }

    private Outcome claimed(int from, FileStatus seen, long known, int to, boolean isOneFile) {
      long length = known;
      long sourceEnd = -1;
      long targetEnd = -1;
      try {
        if (sourceAt == ITS_OWN) {
          synchronized (OffloadChannels.positionLock(source)) {
            long at = calls.lseek(from, 0, SEEK_CUR);
            length = at < 0 ? 0 : lengthAt(at, seen);
            sourceEnd = length == 0 ? -1 : calls.lseek(from, length, SEEK_CUR);
          }
        }
        if (length == 0 || (sourceAt == ITS_OWN && sourceEnd < length)) {
          return declined(Reason.Rule.SMALL);
        }
        if (targetAt == ITS_OWN) {
          synchronized (OffloadChannels.positionLock(target)) {
            targetEnd = calls.lseek(to, length, SEEK_CUR);
          }
          if (targetEnd < length) {
            return declined(Reason.Rule.OBSTACLE);
          }
        }
        Range range =
            new Range(
                sourceAt == ITS_OWN ? sourceEnd - length : sourceAt,
                targetAt == ITS_OWN ? targetEnd - length : targetAt,
                length);
        if (asked != null && isOneFile && range.overlaps()) {
          // The JDK's code reads what it has written.
          return declined(Reason.Rule.READS_ITS_OWN);
        }
        CopyReport copied = engine.copyRange(from, to, range, offsetLock(), gate, this);
        report = copied;
        Outcome end = copied.end();
        done = rounds == null ? end.bytes() : rounds.whole(end.bytes(), length);
        return done == end.bytes() ? end : end.plus(done - end.bytes());
      } finally {
        giveBack(target, to, targetEnd, length - done);
        giveBack(source, from, sourceEnd, length - done);
      }
    }

    /** Puts an offset back behind what was transferred, unless somebody has gone on from there. */
    private void giveBack(FileChannel channel, int descriptor, long end, long unused) {
      if (unused > 0 && end >= 0) {
        synchronized (OffloadChannels.positionLock(channel)) {
          if (calls.lseek(descriptor, 0, SEEK_CUR) == end) {
            calls.lseek(descriptor, -unused, SEEK_CUR);
          }
        }
      }
    }
  }
}
