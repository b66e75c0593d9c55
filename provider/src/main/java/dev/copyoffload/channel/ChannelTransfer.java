package dev.copyoffload.channel;

import static dev.copyoffload.linux.Constants.F_GETFL;
import static dev.copyoffload.linux.Constants.O_APPEND;
import static dev.copyoffload.linux.Constants.O_DSYNC;
import static dev.copyoffload.linux.Constants.SEEK_CUR;
import static dev.copyoffload.linux.Constants.SEEK_SET;

import dev.copyoffload.copy.LoadPolicy;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.RangePolicy;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Transfers between two of the JDK's own file channels, or declines so that the JDK's code runs.
 *
 * <p>Whatever a transfer must refuse is left to the JDK, which refuses it in its own words. Safe
 * for use by many threads.
 */
final class ChannelTransfer {
  /** Nothing was transferred and nothing has changed: the JDK's code must run. */
  static final long DECLINED = -1;

  /** Below this nobody gains by leaving holes out, and a look shows in the time. */
  private static final long LOOKED_AT_FROM = 1 << 20;

  /** Below this the JDK's own call is as good as done when ours has only asked what there is. */
  static final long OFFERED_FROM = 64 << 10;

  /** A transfer below this shows what it costs to be declined. */
  private static final long SMALL = 2 << 20;

  private static final Thresholds THRESHOLDS = Thresholds.ofThisJdk();

  private static final RangePolicy HELD = new RangePolicy(true, 0);

  private static volatile @Nullable ChannelTransfer ready;

  private final SystemCalls calls;
  private final Engine engine;
  private final Offers smallOffers = new Offers();

  /** Where the JDK may share by itself, and then does as well as we. */
  private final Offers offersToMove = new Offers();

  private ChannelTransfer(SystemCalls calls) {
    this.calls = calls;
    this.engine = new Engine(calls);
  }

  /**
   * What does transfers of so many bytes, or null if that is the JDK's own code, now or for ever.
   *
   * @param source null if its name is unknown
   */
  static @Nullable ChannelTransfer forBytes(long bytes, @Nullable Path source) {
    ChannelTransfer current = ready;
    return current != null || bytes < OFFERED_FROM
        ? current
        : with(LoadPolicy.callsFor(source, bytes));
  }

  /**
   * What transfers a file, or null if that is the JDK's own code, now or for ever.
   *
   * @param source null if its name is unknown: then nothing waits for native code
   */
  static @Nullable ChannelTransfer forFile(@Nullable Path source) {
    ChannelTransfer current = ready;
    if (current != null) {
      return current;
    }
    return with(source == null ? Platform.ready() : LoadPolicy.callsFor(source));
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
    FileStatus seen = count < LOOKED_AT_FROM ? null : look(source);
    boolean sparse = seen != null && isSparse(source, seen);
    if (seen != null
        && !sparse
        && Math.min(count, seen.size() - position) < THRESHOLDS.toMovedFrom()
        && engine.isKnownNotToShare(seen)) {
      note(count, false);
      return DECLINED;
    }
    RangePolicy policy =
        new RangePolicy(sparse, THRESHOLDS.toMovedFrom(), THRESHOLDS.toSharedFrom());
    Object lock = FileChannelInternals.known().positionLock(target);
    Bracket bracket = bracket(source, target, source);
    return PositionLocks.holding(
        lock,
        sparse ? FileChannelInternals.known().positionLock(source) : lock,
        () ->
            bracket.run(
                (from, to) -> {
                  long at = calls.lseek(to, 0, SEEK_CUR);
                  long moved = at < 0 ? 0 : offer(bracket, from, position, to, at, count, policy);
                  if (moved > 0) {
                    calls.lseek(to, at + moved, SEEK_SET);
                  }
                  return moved;
                }));
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
    RangePolicy policy = new RangePolicy(true, THRESHOLDS.fromMovedFrom());
    Object lock = FileChannelInternals.known().positionLock(source);
    Bracket bracket = bracket(source, target, target);
    return PositionLocks.holding(
        lock,
        lock,
        () ->
            bracket.run(
                (from, to) -> {
                  // Behind the end of the target JDK 17 does nothing, and 25 extends the file.
                  if (position > 0 && position > status(to).size()) {
                    return 0;
                  }
                  long at = calls.lseek(from, 0, SEEK_CUR);
                  long moved = at < 0 ? 0 : offer(bracket, from, at, to, position, count, policy);
                  if (moved > 0) {
                    calls.lseek(from, at + moved, SEEK_SET);
                  }
                  return moved;
                }));
  }

  /**
   * From where the source is to its end, to where the target is; both move on. Interrupts do
   * nothing, as in a stream.
   *
   * @param alreadyRead bytes before the source's position that belong to the transfer too
   * @return bytes transferred, more than 0, or {@link #DECLINED}; there may be more
   */
  long rest(FileChannel source, long alreadyRead, FileChannel target) throws IOException {
    if (!isOffered(source, target)) {
      return DECLINED;
    }
    Bracket bracket = new Bracket(source, target, List.of());
    return PositionLocks.holding(
        FileChannelInternals.known().positionLock(source),
        FileChannelInternals.known().positionLock(target),
        () ->
            bracket.run(
                (from, to) -> {
                  long start = calls.lseek(from, 0, SEEK_CUR) - alreadyRead;
                  long at = calls.lseek(to, 0, SEEK_CUR);
                  if (start < 0 || at < 0) {
                    return 0;
                  }
                  long moved = copy(bracket, from, start, to, at, Long.MAX_VALUE, HELD);
                  if (moved > 0) {
                    calls.lseek(from, start + moved, SEEK_SET);
                    calls.lseek(to, at + moved, SEEK_SET);
                  }
                  return moved;
                }));
  }

  /**
   * From an offset to an offset; neither channel's position moves.
   *
   * @return bytes transferred, more than 0, or {@link #DECLINED}
   */
  long between(
      FileChannel source, long sourcePosition, long count, FileChannel target, long targetPosition)
      throws IOException {
    if (!isOffered(source, target)) {
      return DECLINED;
    }
    FileStatus seen = count < LOOKED_AT_FROM ? null : look(source);
    boolean sparse = seen != null && isSparse(source, seen);
    RangePolicy policy = new RangePolicy(sparse, 0);
    Bracket bracket = new Bracket(source, target, List.of(source, target));
    Object lock = sparse ? FileChannelInternals.known().positionLock(source) : bracket;
    return PositionLocks.holding(
        lock,
        lock,
        () ->
            bracket.run(
                (from, to) ->
                    copy(bracket, from, sourcePosition, to, targetPosition, count, policy)));
  }

  private Bracket bracket(FileChannel source, FileChannel target, FileChannel asked) {
    return new Bracket(
        source,
        target,
        FileChannelInternals.known().isUninterruptible(asked)
            ? List.of()
            : FileChannelInternals.known().interruptClosesBoth()
                ? List.of(source, target)
                : List.of(asked));
  }

  /** Whether a transfer that the JDK is asked for is worth offering. */
  private boolean isOffered(FileChannel source, FileChannel target, long count) {
    return count >= THRESHOLDS.offeredFrom()
        && (count >= SMALL || smallOffers.areWorthwhile())
        && (!THRESHOLDS.jdkShares() || offersToMove.areWorthwhile())
        && isOffered(source, target);
  }

  /** Whether nothing is wrong with this transfer that the JDK's code must find. */
  private boolean isOffered(FileChannel source, FileChannel target) {
    return FileChannelInternals.known().type().isInstance(source)
        && FileChannelInternals.known().type().isInstance(target)
        && source != target
        && source.isOpen()
        && target.isOpen()
        && FileChannelInternals.known().isReadable(source)
        && FileChannelInternals.known().isWritable(target)
        && !FileChannelInternals.known().isDirect(source)
        && !FileChannelInternals.known().isDirect(target)
        && !Thread.currentThread().isInterrupted();
  }

  /**
   * Whether to look for holes, which takes the source's position for the length of the transfer: no
   * thread can read with it then.
   */
  private static boolean isSparse(FileChannel source, FileStatus status) {
    // A stream reads at the same offset, and asks nobody.
    return status.mayHaveHoles() && FileChannelInternals.known().hasItsOffset(source);
  }

  /** What a channel's file is, or null if the channel is closed. */
  private @Nullable FileStatus look(FileChannel channel) {
    int inside = FileChannelInternals.known().enter(channel);
    try {
      return channel.isOpen() ? status(FileChannelInternals.known().number(channel)) : null;
    } finally {
      FileChannelInternals.known().leave(channel, inside);
    }
  }

  private FileStatus status(int descriptor) {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    calls.statx(descriptor, buffer);
    return FileStatus.of(buffer);
  }

  private long offer(
      Bracket bracket,
      int source,
      long sourceOffset,
      int target,
      long targetOffset,
      long count,
      RangePolicy policy) {
    if (THRESHOLDS.jdkShares()) {
      boolean onlyMoves = engine.onlyMoves(source);
      offersToMove.note(onlyMoves);
      if (!onlyMoves) {
        return 0;
      }
    }
    // No more than there is now, as in the JDK: a writer may append for ever.
    long there = Math.min(count, status(source).size() - sourceOffset);
    long copied =
        there < THRESHOLDS.offeredFrom()
            ? 0
            : copy(bracket, source, sourceOffset, target, targetOffset, there, policy);
    note(count, copied > 0);
    return copied;
  }

  private void note(long count, boolean taken) {
    if (count < SMALL) {
      smallOffers.note(taken);
    }
  }

  private long copy(
      Bracket bracket,
      int source,
      long sourceOffset,
      int target,
      long targetOffset,
      long count,
      RangePolicy policy) {
    int flags = calls.fcntl(target, F_GETFL, 0);
    if (flags < 0 || (flags & (O_APPEND | O_DSYNC)) != 0) {
      return 0;
    }
    Object started = CopyObserver.started();
    CopyReport report =
        engine.copyRange(
            source, sourceOffset, target, targetOffset, count, policy, () -> !bracket.isIntact());
    long copied = report.end().bytes();
    // A transfer of nothing is the JDK's: it tells of itself.
    if (copied > 0) {
      CopyObserver.ended(
          started,
          FileChannelInternals.known().path(bracket.source()),
          FileChannelInternals.known().path(bracket.target()),
          report);
    }
    return copied;
  }
}
