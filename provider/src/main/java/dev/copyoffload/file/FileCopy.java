package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.READABLE_BY_ALL;
import static dev.copyoffload.linux.Constants.READABLE_BY_OWNER;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.FilePolicy;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.linux.Blocking;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Copies or moves one regular file.
 *
 * <p>Whatever goes wrong before the target exists is left to the JDK, which meets the same obstacle
 * and throws what it throws; from then on failures are ours, and the target goes with them.
 */
final class FileCopy {
  private final SystemCalls calls;
  private final Engine engine;

  /** Who this process is, or -1 if that cannot be had: decides which order is tried, no more. */
  private final int user;

  FileCopy(SystemCalls calls) {
    this.calls = calls;
    this.engine = new Engine(calls);
    FileStatus process = FileStatus.ofProcess(calls);
    this.user = process == null ? -1 : process.user();
  }

  /** Whether /proc is there, by which an open file has a name. */
  boolean hasProc() {
    return user != -1;
  }

  /**
   * Mirrors Files.copy by raw paths; the others are what the files are called in exceptions and
   * events.
   *
   * <p>With options of ours every obstacle is an exception, the JDK's own where it has one, since
   * the JDK's code would copy in another way; and what is to be replaced stays until the copy is
   * complete.
   *
   * @return false if nothing was done that the JDK would not do again
   */
  boolean copy(Path source, byte[] from, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    OffloadOptions demands = policy.demands();
    if (demands != null) {
      return copyAsDemanded(source, from, target, to, policy, demands);
    }
    FileStatus status = FileStatus.of(calls, from, policy.followLinks());
    if (status == null || !isCopied(status)) {
      return false;
    }
    // Where there is no target, it need not be looked at; where there is one that stays, the source
    // is never opened, whose closing drops every lock that this process holds on the file.
    boolean looksReadable = looksReadable(status);
    FileStatus existing =
        looksReadable && !policy.replaceExisting() ? null : FileStatus.of(calls, to, false);
    if (existing != null
        && (!mayReplace(existing, from, status, policy) || calls.accessToRead(from) < 0)) {
      return false;
    }
    boolean targetFirst = looksReadable || existing != null;
    try (Descriptor in = new Descriptor(calls);
        NewFile out = new NewFile(calls, to)) {
      if ((!targetFirst && in.open(from, policy.flagsForSource(), 0) < 0)
          || (existing != null && calls.unlink(to) < 0)
          || out.create(policy.modeOf(status)) < 0
          || (targetFirst && in.open(from, policy.flagsForSource(), 0) < 0)
          || !write(source, in, status, target, out.descriptor(), status.device(), policy)) {
        return false;
      }
      keep(source, target, out);
      return true;
    } catch (LinkageError e) {
      // A class of ours cannot be had, near the end of the stack for one; the JDK needs none. For
      // want of memory it would: a class of its own that is set up then may fail for ever.
      return false;
    }
  }

  private boolean copyAsDemanded(
      Path source, byte[] from, Path target, byte[] to, CopyPolicy policy, OffloadOptions demands)
      throws IOException {
    if (demands.has(OffloadCopyOption.DEDUPE)) {
      new Dedupe(calls, this).run(source, from, target, to, null, policy);
      return true;
    }
    long[] struct = new long[FileStatus.LONGS];
    CallFailure.checked(calls, "statx", calls.statx(from, policy.followLinks(), struct), source);
    FileStatus status = FileStatus.of(struct);
    if (!status.isRegularFile()) {
      return false;
    }
    FileStatus existing = FileStatus.of(calls, to, false);
    if (existing != null && existing.isSameFile(status)) {
      return true;
    }
    if (existing != null && !policy.replaceExisting()) {
      throw CallFailure.of(calls, "open", Errno.EEXIST.number(), target, null);
    }
    if (existing != null || demands.has(OffloadCopyOption.ATOMIC_TARGET)) {
      copyStaged(source, from, status, target, to, existing, policy);
      return true;
    }
    try (Descriptor in = new Descriptor(calls);
        NewFile out = new NewFile(calls, to)) {
      openSource(source, in, from, policy);
      CallFailure.checked(calls, "open", out.create(policy.modeOf(status)), target);
      write(source, in, status, target, out.descriptor(), status.device(), policy);
      keep(source, target, out);
    }
    return true;
  }

  /**
   * Whether only something beyond the permission bits could refuse the source: a target that comes
   * and goes is seen by who watches the directory, and stock creates none.
   */
  private boolean looksReadable(FileStatus source) {
    int bits = source.user() == user ? READABLE_BY_OWNER : READABLE_BY_ALL;
    return (source.mode() & bits) == bits;
  }

  /** Copies into a file that gets its name, and what had it loses it, when all is there. */
  private void copyStaged(
      Path source,
      byte[] from,
      FileStatus status,
      Path target,
      byte[] to,
      @Nullable FileStatus existing,
      CopyPolicy policy)
      throws IOException {
    try (Descriptor in = new Descriptor(calls);
        StagedTarget staged = new StagedTarget(calls, to)) {
      openSource(source, in, from, policy);
      staged.open(target, policy.modeOf(status), hasProc());
      write(source, in, status, target, staged.descriptor(), status.device(), policy);
      int flushed = staged.flush();
      if (flushed < 0 && !Errno.EINTR.is(flushed)) {
        throw CallFailure.of(calls, "close", -flushed, source, target);
      }
      boolean directory = existing != null && existing.isDirectory();
      if (directory) {
        // No file takes the place of a directory: that must be gone before, and be empty.
        removeDirectory(target, to);
      }
      // At once: some FUSE drivers replace, and know no way to take only a name that is free.
      boolean replaces = policy.replaceExisting() && existing != null && !directory;
      int published = staged.publish(replaces);
      if (!replaces && Errno.EEXIST.is(published) && policy.replaceExisting()) {
        published = staged.publish(true);
      }
      CallFailure.checked(calls, "linkat/rename", published, target);
    }
  }

  private void removeDirectory(Path directory, byte[] path) throws IOException {
    int removed = calls.rmdir(path);
    if (Errno.ENOTEMPTY.is(removed) || Errno.EEXIST.is(removed)) {
      throw new DirectoryNotEmptyException(directory.toString());
    }
    CallFailure.checked(calls, "rmdir", removed, directory);
  }

  /**
   * Mirrors Files.move: a rename, or a copy where that cannot be; false if nothing was done that
   * the JDK would not do again.
   */
  boolean move(Path source, byte[] from, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    FileStatus status = FileStatus.of(calls, from, false);
    if (status == null || !isCopied(status)) {
      return false;
    }
    FileStatus existing = FileStatus.of(calls, to, false);
    if (existing != null && (!mayReplace(existing, from, status, policy) || calls.unlink(to) < 0)) {
      return false;
    }
    int renamed = calls.rename(from, to);
    if (renamed == 0) {
      return true;
    }
    if (!Errno.EXDEV.is(renamed)) {
      return false;
    }
    long[] structOfLeft = new long[FileStatus.LONGS];
    FileStatus left = FileStatus.of(structOfLeft);
    try (Descriptor in = new Descriptor(calls);
        NewFile out = new NewFile(calls, to)) {
      if (in.open(from, policy.flagsForSource(), 0) < 0 || out.create(policy.modeOf(status)) < 0) {
        return false;
      }
      FileStatus copied = FileStatus.of(calls, in.number());
      FileStatus made = FileStatus.of(calls, out.descriptor().number());
      long device = made == null ? status.device() : made.device();
      if (!write(source, in, status, target, out.descriptor(), device, policy)) {
        return false;
      }
      keep(source, target, out);
      // From here on no object is made, for which there may be no memory.
      in.closeNow();
      if (copied == null || calls.statx(from, false, structOfLeft) < 0 || left.isSameFile(copied)) {
        int unlinked = calls.unlink(from);
        if (unlinked < 0) {
          out.remove(made);
          throw CallFailure.of(calls, "unlink", -unlinked, source, null);
        }
      }
      // Else another file has the name by now, which has not been copied.
      return true;
    } catch (LinkageError e) {
      // As in a copy.
      return false;
    }
  }

  /** What has no size where no file is ever born (procfs, tracefs) has contents for the JDK. */
  private static boolean isCopied(FileStatus source) {
    return source.isRegularFile() && (source.size() > 0 || source.hasBirthTime());
  }

  /** Keeps a file that this copy has made. */
  private void keep(Path source, Path target, NewFile out) throws IOException {
    int kept = out.keep();
    if (kept < 0) {
      throw CallFailure.of(calls, "close", -kept, source, target);
    }
  }

  /**
   * Copies everything; or false if the JDK may do better, and the policy demands nothing.
   *
   * @param device where the target is; the source's, if nobody has asked
   */
  private boolean write(
      Path source,
      Descriptor in,
      FileStatus status,
      Path target,
      Descriptor out,
      long device,
      CopyPolicy policy)
      throws IOException {
    OffloadOptions demands = policy.demands();
    Pace pace = policy.pace(status.size());
    FilePolicy how = demands == null ? FilePolicy.USUAL : demands.forEngine();
    Cancellation asked = pace == null ? policy.cancellation() : pace.cancellation();
    @Nullable Object started = CopyObserver.started();
    CopyReport report;
    Object blocking = Blocking.begin();
    try {
      report = engine.copyWhole(in, status, out, device, how, asked);
    } finally {
      Blocking.end(blocking);
    }
    CopyObserver.ended(started, source, target, report);
    if (!(report.end() instanceof Outcome.Completed)) {
      if (report.end() instanceof Outcome.Declined && demands == null) {
        // No memory for a buffer, all of which the program has used up; the JDK needs none.
        return false;
      }
      throw failure(source, status, target, out, report, pace, policy);
    }
    if (policy.copyAttributes()) {
      new FileAttributes(calls).copy(in, status, out, target);
    }
    if (policy.keyOfTarget() != null) {
      FileStatus made = FileStatus.of(calls, out.number());
      policy.keyOfTarget().set(made == null ? null : made.key());
    }
    if (pace != null && !pace.finished(report.bytes())) {
      throw cancelled(source, target, pace);
    }
    return true;
  }

  /** Whether this is a copy that the JDK would have made, and of which it names no file. */
  private boolean namesNoFile(FileStatus source, Descriptor out, CopyPolicy policy) {
    if (!Capability.JDK_SHARES || policy.demands() != null || policy.ofTree()) {
      return false;
    }
    FileStatus made = FileStatus.of(calls, out.number());
    return made != null && made.device() == source.device();
  }

  private IOException failure(
      Path source,
      FileStatus status,
      Path target,
      Descriptor out,
      CopyReport report,
      @Nullable Pace pace,
      CopyPolicy policy) {
    if (report.end() instanceof Outcome.Failed failed) {
      return namesNoFile(status, out, policy)
          ? CallFailure.unnamed(calls, failed.call(), failed.errno())
          : CallFailure.of(calls, failed.call(), failed.errno(), source, target);
    }
    if (report.end() instanceof Outcome.Cancelled) {
      return cancelled(source, target, pace);
    }
    if (policy.demands() == null || !policy.demands().has(OffloadCopyOption.REFLINK)) {
      return CallFailure.of(calls, "read/write", Errno.ENOMEM.number(), source, target);
    }
    StringJoiner why = new StringJoiner(", ");
    report.declined().forEach(tried -> why.add(tried.byCall()));
    return Refusal.of(OffloadCopyOption.REFLINK, why.toString(), source, target);
  }

  /** The exception of a copy that ended early by somebody's wish; throws what a listener threw. */
  IOException cancelled(Path source, Path target, @Nullable Pace pace) {
    String by = "interrupt";
    if (pace != null && pace.isByListener()) {
      pace.rethrow();
      by = "CopyProgress";
    }
    return CallFailure.of(calls, by, Errno.ECANCELED.number(), source, target);
  }

  /** Whether a target is ours to remove; if not, the JDK should look at it. */
  private boolean mayReplace(
      FileStatus existing, byte[] from, FileStatus source, CopyPolicy policy) {
    return policy.replaceExisting()
        && !existing.isDirectory()
        && !existing.isSameFile(source)
        && !isLinkItself(from, existing);
  }

  /** Whether the target is the symbolic link by which the source is named: the JDK removes it. */
  private boolean isLinkItself(byte[] from, FileStatus existing) {
    if (!existing.isSymbolicLink()) {
      return false;
    }
    FileStatus link = FileStatus.of(calls, from, false);
    return link == null || link.isSameFile(existing);
  }

  /** With options of ours an obstacle is an exception. */
  private void openSource(Path source, Descriptor in, byte[] from, CopyPolicy policy)
      throws IOException {
    CallFailure.checked(calls, "open", in.open(from, policy.flagsForSource(), 0), source);
  }
}
