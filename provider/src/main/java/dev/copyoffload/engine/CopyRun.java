package dev.copyoffload.engine;

import static dev.copyoffload.linux.Constants.FALLOC_FL_KEEP_SIZE;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One copy: walks ranges down the chain of methods and keeps account of what they did. */
final class CopyRun {
  private final FilePair files;
  private final MethodChains chains;
  private final FilePolicy policy;
  private @Nullable String methods;
  private @Nullable List<Reason.Tried> declined;
  private long bytesShared;
  private long bytesMoved;
  private long bytesInHoles;

  /** Null until {@link #findTypes} asks. */
  private @Nullable FileSystemType sourceType;

  private @Nullable FileSystemType targetType;

  CopyRun(FilePair files, MethodChains chains, FilePolicy policy) {
    this.files = files;
    this.chains = chains;
    this.policy = policy;
  }

  CopyReport report(Outcome end) {
    return new CopyReport(
        end,
        bytesShared,
        bytesMoved,
        bytesInHoles,
        methods == null ? "none" : methods,
        declined == null ? List.of() : List.copyOf(declined));
  }

  /**
   * Whether to try to share a whole file.
   *
   * @param refused whether its device refused to the last time
   */
  boolean triesSharing(FileStatus status, boolean refused) {
    long size = status.size();
    if (policy.mustShare()) {
      return size > 0;
    }
    return policy.mayShare()
        && (size >= Tuning.ASK_AGAIN_FROM || (size >= Tuning.SHARE_FILE_FROM && !refused))
        && !waitsForDisk(status);
  }

  /** Tries to share a whole file. */
  Outcome share(FileStatus status) {
    // Nothing ends a clone but its end, and it writes dirty pages out first: in pieces where
    // somebody may want to cancel.
    return files.isCancellable()
        ? chain(chains.sharingRange(), new Range(0, 0, status.size()))
        : chain(chains.sharing(), Range.wholeFile());
  }

  /**
   * Does what is left of a whole file, into a target that has nothing but what is shared.
   *
   * @param shared how the attempt to share ended, or null if there was none
   */
  Outcome afterSharing(FileStatus status, @Nullable Outcome shared) {
    if (shared instanceof Outcome.Completed) {
      return files.isCancellable() && !policy.mustShare()
          ? appended(shared.bytes()).plus(shared.bytes())
          : shared;
    }
    if (shared != null && !(shared instanceof Outcome.Declined)) {
      return shared;
    }
    if (policy.mustShare()) {
      return notShared(shared);
    }
    long done = shared == null ? 0 : shared.bytes();
    if (shared instanceof Outcome.Declined no
        && no.reason() instanceof Reason.Refused refused
        && ErrnoPolicy.mayHaveBegun(refused.errno())) {
      Outcome cut = cutOff(done);
      if (!(cut instanceof Outcome.Completed)) {
        return cut.plus(done);
      }
    }
    Outcome moved = unshared(status, done).plus(done);
    // Zeros at the end were not written; a target that is as long already stays as it is.
    return policy.zerosBecomeHoles() && moved instanceof Outcome.Completed
        ? lengthen(moved.bytes()).plus(moved.bytes())
        : moved;
  }

  private Outcome notShared(@Nullable Outcome shared) {
    if (shared instanceof Outcome.Declined no) {
      return new Outcome.Declined(0, no.reason());
    }
    // Some files without a size have contents (procfs); what is empty has nothing to share.
    Outcome probed = move(new Range(0, 0, 1), 1);
    if (probed.bytes() == 0) {
      return probed;
    }
    addDeclined(chains.sharing()[0], Reason.Rule.HAS_CONTENTS);
    return new Outcome.Declined(0, Reason.Rule.HAS_CONTENTS);
  }

  /** The source from {@code done} on, which is where the target ends. */
  private Outcome unshared(FileStatus status, long done) {
    Range rest = Range.wholeFile().after(done);
    long expected = status.size() - done;
    if (keepsHoles(status)) {
      Outcome outcome =
          new SparseCopy(files, this, rest.first(expected), status, done, null).run(rest);
      if (!(outcome instanceof Outcome.Declined)) {
        return outcome;
      }
    }
    // The short way of small files, which a new JVM's interpreter feels.
    return expected < Tuning.SPLICE_FROM && !policy.zerosBecomeHoles()
        ? chain(chains.moving(expected), rest)
        : moveToNew(rest, expected);
  }

  /** Whether to look for holes in a source. */
  boolean keepsHoles(FileStatus source) {
    return !policy.holesAreFilled()
        && source.unallocated() >= Tuning.SMALLEST_HOLE
        && Capability.SEEK_HOLE.isEnabled()
        && files.typeOf(files.source()).tellsHoles()
        // Many FUSE drivers take writes only in sequence.
        && files.typeOf(files.target()) != FileSystemType.FUSE;
  }

  /** Whether a clone would first write out a file that is as quickly written twice. */
  private boolean waitsForDisk(FileStatus status) {
    boolean waits =
        status.size() < Tuning.SHARE_UNWRITTEN_FROM
            && isYoung(status, System.currentTimeMillis() / 1000)
            && files.calls().unwrittenPages(files.source()) > 0
            && files.typeOf(files.source()).sharesSlowly();
    if (waits) {
      addDeclined(chains.sharing()[0], Reason.Rule.UNWRITTEN);
    }
    return waits;
  }

  /** Whether a file may have changed so lately that it is not on the disk: spares a question. */
  static boolean isYoung(FileStatus status, long nowSeconds) {
    return nowSeconds - status.changedSeconds() < Tuning.WRITTEN_AFTER_SECONDS;
  }

  /** Moves bytes, about {@code expected} of them. */
  Outcome move(Range range, long expected) {
    if (policy.zerosBecomeHoles()) {
      return chain(chains.leavingZerosOut(files, this), range);
    }
    findTypes(expected);
    if (!policy.mayShare() || !(copiesRemotely(sourceType) || copiesRemotely(targetType))) {
      return chain(chains.moving(expected), range);
    }
    // copy_file_range shares where it can.
    Outcome copied = chain(chains.movingRemotely(), range);
    // It ends where statx(2) says that the file does, and a driver may say anything.
    return copied instanceof Outcome.Completed && copied.bytes() < range.length()
        ? chain(chains.moving(0), range.after(copied.bytes())).plus(copied.bytes())
        : copied;
  }

  /** Asks what the file systems are, unless the question would show in the time of the copy. */
  private void findTypes(long expected) {
    if (sourceType == null && expected >= Tuning.SPLICE_FROM) {
      sourceType = files.typeOf(files.source());
      targetType = files.typeOf(files.target());
    }
  }

  private static boolean copiesRemotely(@Nullable FileSystemType type) {
    return type != null && type.copiesRemotely();
  }

  /** Moves bytes, of which {@code expected} are there, to where the target has nothing yet. */
  Outcome moveToNew(Range range, long expected) {
    findTypes(expected);
    if (expected < Tuning.SPLICE_FROM
        || !files.offsetsAreOurs()
        || targetType == null
        || !targetType.gainsFromReserving()
        || policy.zerosBecomeHoles()) {
      return move(range, expected);
    }
    long done = 0;
    boolean last;
    Outcome outcome;
    do {
      Range left = range.after(done);
      long end = Math.min(expected, done + Tuning.RESERVED_AHEAD);
      int reserved =
          files
              .calls()
              .fallocate(files.target(), FALLOC_FL_KEEP_SIZE, left.targetOffset(), end - done);
      if (reserved < 0) {
        // What there was of too little space others may need, until the copy itself meets its end.
        giveBackReserved();
      }
      last = reserved < 0 || end == expected;
      outcome = move(last ? left : left.first(end - done), expected).plus(done);
      done = outcome.bytes();
      if (done < end && reserved >= 0) {
        giveBackReserved();
        last = true;
      }
    } while (!last && outcome instanceof Outcome.Completed);
    return outcome;
  }

  /** Setting the length as it is gives back what lies behind; that it fails decides nothing. */
  private void giveBackReserved() {
    FileStatus target = files.statusOf(files.target());
    if (target != null) {
      files.calls().ftruncate(files.target(), target.size());
    }
  }

  /** Hands what is left of the range from method to method. */
  Outcome chain(CopyMethod[] chain, Range range) {
    long done = 0;
    Outcome last = null;
    for (CopyMethod method : chain) {
      Capability capability = method.capability();
      if (capability != null && !capability.isEnabled()) {
        addDeclined(method, Reason.Rule.DISABLED);
        continue;
      }
      last = method.copy(files, range.after(done));
      done += last.bytes();
      account(method, last);
      if (!(last instanceof Outcome.Declined)) {
        break;
      }
    }
    if (last == null) {
      return new Outcome.Declined(0, Reason.Rule.NOTHING_TRIED);
    }
    return done == last.bytes() ? last : last.plus(done - last.bytes());
  }

  private static String joined(String known, String label) {
    boolean isKnown = known.equals(label) || ("+" + known + "+").contains("+" + label + "+");
    return isKnown ? known : known + "+" + label;
  }

  private void addDeclined(CopyMethod method, Reason reason) {
    Reason.Tried tried = new Reason.Tried(method.label(), method.call(), reason);
    List<Reason.Tried> known = declined;
    if (known == null) {
      known = new ArrayList<>(2);
      declined = known;
    }
    if (!known.contains(tried)) {
      known.add(tried);
    }
  }

  private void account(CopyMethod method, Outcome outcome) {
    if (outcome.bytes() > 0) {
      methods = methods == null ? method.label() : joined(methods, method.label());
      if (method.shares()) {
        bytesShared += outcome.bytes();
      } else {
        bytesMoved += outcome.bytes();
      }
    }
    if (outcome instanceof Outcome.Declined no) {
      addDeclined(method, no.reason());
    }
  }

  /** Bytes that are a hole in the target as in the source. */
  void accountHole(long bytes) {
    bytesInHoles += bytes;
  }

  /** Bytes counted as moved that became a hole instead. */
  void accountLeftOut(long bytes) {
    bytesMoved -= bytes;
    bytesInHoles += bytes;
  }

  /** Whatever lies behind the clone of the source: nothing, unless it grew. */
  private Outcome appended(long end) {
    return files.sourceSizeNow() <= end
        ? new Outcome.Completed(0)
        : move(Range.wholeFile().after(end), 0);
  }

  /** Gives back what a clone left behind so many bytes; completed with 0 bytes, or not. */
  private Outcome cutOff(long length) {
    return ended("ftruncate", setLength(length));
  }

  private int setLength(long length) {
    int result;
    do {
      result = files.calls().ftruncate(files.target(), length);
    } while (files.repeats(result));
    return result;
  }

  /** Makes the target so many bytes long at least; completed with 0 bytes, or not. */
  Outcome lengthen(long length) {
    if (!files.offsetsAreOurs()) {
      // Another thread may have made it longer, and ftruncate(2) would cut that off.
      return extend(length);
    }
    int result = setLength(length);
    FileStatus target = ErrnoPolicy.isRefusal(result) ? files.statusOf(files.target()) : null;
    if (target == null) {
      return ended("ftruncate", result);
    }
    return target.size() < length ? extend(length) : new Outcome.Completed(0);
  }

  /** Lengthens the target by a zero as the last of its bytes. */
  private Outcome extend(long length) {
    long written;
    do {
      written = files.calls().pwriteZero(files.target(), length - 1);
    } while (files.repeats(written));
    return ended("write", written == 0 ? -Errno.EIO.number() : written);
  }

  private static Outcome ended(String call, long result) {
    if (FilePair.isInterrupted(result)) {
      return new Outcome.Cancelled(0);
    }
    return result < 0 ? new Outcome.Failed(0, call, (int) -result) : new Outcome.Completed(0);
  }
}
