package dev.copyoffload.copy;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_CREAT;
import static dev.copyoffload.linux.Constants.O_EXCL;
import static dev.copyoffload.linux.Constants.O_WRONLY;
import static dev.copyoffload.linux.Constants.READABLE_BY_ALL;
import static dev.copyoffload.linux.Constants.READABLE_BY_OWNER;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.WholePolicy;
import dev.copyoffload.linux.Blocking;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies or moves one regular file.
 *
 * <p>Whatever goes wrong before the target exists is left to the JDK, which meets the same obstacle
 * and throws what it throws; from then on failures are ours, and the target goes with them.
 */
final class FileCopy {
  /** A directory that the kernel says is owned by the process's effective user. */
  private static final byte[] PROCESS = "/proc/self\0".getBytes(StandardCharsets.US_ASCII);

  private final SystemCalls calls;
  private final Engine engine;

  /** Who this process is, or -1 if that cannot be had: decides which order is tried, no more. */
  private final int user;

  FileCopy(SystemCalls calls) {
    this.calls = calls;
    this.engine = new Engine(calls);
    FileStatus process = status(PROCESS, true);
    this.user = process == null ? -1 : process.user();
  }

  /** Whether /proc is there, by which an open file has a name. */
  boolean hasProc() {
    return user != -1;
  }

  /** Mirrors Files.copy; false if nothing was done that the JDK would not do again. */
  boolean copy(Path source, Path target, CopyPolicy policy) throws IOException {
    byte[] from = RawPath.of(source);
    byte[] to = RawPath.of(target);
    return from != null && to != null && copy(source, from, target, to, policy);
  }

  /** Copies by raw paths; the others are what the files are called in exceptions and events. */
  boolean copy(Path source, byte[] from, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    FileStatus status = status(from, policy.followLinks());
    if (status == null || !isCopied(status)) {
      return false;
    }
    if (!policy.replaceExisting() && looksReadable(status)) {
      return copyIntoNew(source, from, status, target, to, policy);
    }
    FileStatus existing = status(to, false);
    if (existing != null && !mayReplace(existing, from, status, policy)) {
      return false;
    }
    // Not before all that: closing it drops every lock that this process holds on the file.
    try (Descriptor in = open(from, policy.flagsForSource(), 0)) {
      if (in == null || (existing != null && calls.unlink(to) < 0)) {
        return false;
      }
      return copyOpened(source, in, status, target, to, policy);
    }
  }

  /**
   * Creates the target before it opens the source: where there is no target, it need not be looked
   * at, and where there is one, the source is never opened.
   */
  private boolean copyIntoNew(
      Path source, byte[] from, FileStatus status, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    Descriptor out = create(to, policy.modeOf(status));
    if (out == null) {
      return false;
    }
    try (out;
        Descriptor in = open(from, policy.flagsForSource(), 0)) {
      return fillNew(source, in, status, target, out, to, policy);
    }
  }

  /**
   * Whether only something beyond the permission bits could refuse the source: a target that comes
   * and goes is seen by who watches the directory, and stock creates none.
   */
  private boolean looksReadable(FileStatus source) {
    int bits = source.user() == user ? READABLE_BY_OWNER : READABLE_BY_ALL;
    return (source.mode() & bits) == bits;
  }

  /**
   * Mirrors Files.move: a rename, or a copy where that cannot be; false if nothing was done that
   * the JDK would not do again.
   */
  boolean move(Path source, Path target, CopyPolicy policy) throws IOException {
    byte[] from = RawPath.of(source);
    byte[] to = RawPath.of(target);
    if (from == null || to == null) {
      return false;
    }
    FileStatus status = status(from, false);
    if (status == null || !isCopied(status)) {
      return false;
    }
    FileStatus existing = status(to, false);
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
    FileStatus copied;
    FileStatus made;
    try (Descriptor in = open(from, policy.flagsForSource(), 0);
        Descriptor out = in == null ? null : create(to, policy.modeOf(status))) {
      if (in == null || out == null) {
        return false;
      }
      copied = status(in);
      made = status(out);
      if (!fillNew(source, in, status, target, out, to, policy)) {
        return false;
      }
    }
    FileStatus left = status(from, false);
    if (left != null && copied != null && !left.isSameFile(copied)) {
      // Another file has the name by now, which has not been copied.
      return true;
    }
    int unlinked = calls.unlink(from);
    if (unlinked < 0) {
      takeBack(made, to);
      throw CallFailure.of(calls, "unlink", -unlinked, source, null);
    }
    return true;
  }

  /** What has no size where no file is ever born (procfs, tracefs) has contents for the JDK. */
  private static boolean isCopied(FileStatus source) {
    return source.isRegularFile() && (source.size() > 0 || source.hasBirthTime());
  }

  private boolean copyOpened(
      Path source, Descriptor in, FileStatus status, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    try (Descriptor out = create(to, policy.modeOf(status))) {
      return out != null && fillNew(source, in, status, target, out, to, policy);
    }
  }

  /** Copies everything into a file that this copy has created, which goes if that fails. */
  boolean fillNew(
      Path source,
      @Nullable Descriptor in,
      FileStatus status,
      Path target,
      Descriptor out,
      byte[] to,
      CopyPolicy policy)
      throws IOException {
    boolean complete = false;
    try {
      if (in != null && write(source, in, status, target, out, policy)) {
        close(source, target, out);
        complete = true;
      }
      return complete;
    } finally {
      if (!complete) {
        takeBack(out.isOpen() ? status(out) : null, to);
      }
    }
  }

  /**
   * Removes a file that this copy has created, unless its name is another file's by now.
   *
   * @param made what was created, or null if that cannot be had
   */
  private void takeBack(@Nullable FileStatus made, byte[] to) {
    FileStatus named = made == null ? null : status(to, false);
    if (made == null || named == null || named.isSameFile(made)) {
      calls.unlink(to);
    }
  }

  private @Nullable Descriptor create(byte[] path, int mode) {
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  }

  /** Copies everything; or false if the JDK may do better, and the policy demands nothing. */
  boolean write(
      Path source, Descriptor in, FileStatus status, Path target, Descriptor out, CopyPolicy policy)
      throws IOException {
    Thread thread = Thread.currentThread();
    Cancellation cancellation = policy.interruptible() ? thread::isInterrupted : Cancellation.NEVER;
    Demands demands = policy.demands();
    Pace pace = demands == null ? null : Pace.of(demands.progress(), cancellation, status.size());
    WholePolicy how = demands == null ? WholePolicy.USUAL : demands.forEngine();
    Cancellation asked = pace == null ? cancellation : pace.cancellation();
    @Nullable Object started = CopyObserver.started();
    CopyReport report;
    Object blocking = Blocking.begin();
    try {
      report = engine.copyWhole(in, status, out, how, asked);
    } finally {
      Blocking.end(blocking);
    }
    CopyObserver.ended(started, source, target, report);
    if (report.end() instanceof Outcome.Declined && demands == null) {
      // No memory for a buffer, all of which the program has used up; the JDK needs none.
      return false;
    }
    judge(source, target, report, pace, how);
    if (policy.copyAttributes()) {
      int result = new FileAttributes(calls).copy(in, status, out);
      if (result < 0) {
        throw CallFailure.of(calls, "futimens", -result, target, null);
      }
    }
    if (policy.keyOfTarget() != null) {
      FileStatus made = status(out);
      policy.keyOfTarget().set(made == null ? null : made.key());
    }
    if (pace != null && !pace.finished(report.bytes())) {
      throw cancelled(source, target, pace);
    }
    return true;
  }

  private void close(Path source, Path target, Descriptor out) throws IOException {
    int closed = out.closeNow();
    // NFS and quotas report here what they could not write. After EINTR the file is closed.
    if (closed < 0 && !Errno.EINTR.is(closed)) {
      throw CallFailure.of(calls, "close", -closed, source, target);
    }
  }

  private void judge(
      Path source, Path target, CopyReport report, @Nullable Pace pace, WholePolicy how)
      throws IOException {
    if (report.end() instanceof Outcome.Failed failed) {
      throw CallFailure.of(calls, failed.call(), failed.errno(), source, target);
    }
    if (report.end() instanceof Outcome.Cancelled) {
      throw cancelled(source, target, pace);
    }
    if (report.end() instanceof Outcome.Declined) {
      if (how.sharing() != WholePolicy.Sharing.REQUIRED) {
        throw CallFailure.of(calls, "read/write", Errno.ENOMEM.number(), source, target);
      }
      String why = String.join(", ", report.declined()).replace("ficlone:", "ioctl(FICLONE):");
      throw Refusal.of(OffloadCopyOption.REFLINK, why, source, target);
    }
    if (!(report.end() instanceof Outcome.Completed)) {
      throw new IllegalStateException("the chain ended with " + report);
    }
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
    FileStatus link = status(from, false);
    return link == null || link.isSameFile(existing);
  }

  private @Nullable Descriptor open(byte[] path, int flags, int mode) {
    int result = Descriptor.open(calls, path, flags, mode);
    return result < 0 ? null : new Descriptor(calls, result);
  }

  @Nullable FileStatus status(byte[] path, boolean followLinks) {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    return calls.statx(path, followLinks, buffer) < 0 ? null : FileStatus.of(buffer);
  }

  private @Nullable FileStatus status(Descriptor open) {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    return calls.statx(open.number(), buffer) < 0 ? null : FileStatus.of(buffer);
  }
}
