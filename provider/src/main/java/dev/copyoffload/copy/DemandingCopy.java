package dev.copyoffload.copy;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_CREAT;
import static dev.copyoffload.linux.Constants.O_EXCL;
import static dev.copyoffload.linux.Constants.O_WRONLY;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies one regular file with options of ours.
 *
 * <p>Nothing that concerns a regular file is left to the JDK, whose code would copy in another way:
 * every obstacle is an exception, the JDK's own where it has one. What is to be replaced stays
 * until the copy is complete.
 */
final class DemandingCopy {
  private final SystemCalls calls;
  private final FileCopy files;

  DemandingCopy(SystemCalls calls, FileCopy files) {
    this.calls = calls;
    this.files = files;
  }

  /**
   * Copies, unless the source is no regular file.
   *
   * @return whether it is done; if not, nothing is, and the options demand nothing of such a file
   */
  boolean copy(Path source, Path target, CopyPolicy policy, Demands demands) throws IOException {
    return copy(source, raw(source), target, raw(target), policy, demands);
  }

  /** Copies by raw paths; the others are what the files are called in exceptions and events. */
  boolean copy(Path source, byte[] from, Path target, byte[] to, CopyPolicy policy, Demands demands)
      throws IOException {
    if (demands.has(OffloadCopyOption.DEDUPE)) {
      new Dedupe(calls, files).run(source, from, target, to, null, policy);
      return true;
    }
    FileStatus status = statusOf(source, from, policy.followLinks());
    if (!status.isRegularFile()) {
      return false;
    }
    FileStatus existing = files.status(to, false);
    if (existing != null) {
      if (existing.isSameFile(status)) {
        return true;
      }
      if (!policy.replaceExisting()) {
        throw CallFailure.of(calls, "open", Errno.EEXIST.number(), target, null);
      }
    }
    try (Descriptor in = open(source, from, policy.flagsForSource(), 0)) {
      if (existing != null || demands.has(OffloadCopyOption.ATOMIC_TARGET)) {
        copyStaged(source, in, status, target, to, existing, policy);
      } else {
        copyDirectly(source, in, status, target, to, policy);
      }
    }
    return true;
  }

  private void copyDirectly(
      Path source, Descriptor in, FileStatus status, Path target, byte[] to, CopyPolicy policy)
      throws IOException {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    try (Descriptor out = open(target, to, flags, policy.modeOf(status))) {
      files.fillNew(source, in, status, target, out, to, policy);
    }
  }

  private void copyStaged(
      Path source,
      Descriptor in,
      FileStatus status,
      Path target,
      byte[] to,
      @Nullable FileStatus existing,
      CopyPolicy policy)
      throws IOException {
    StagedTarget.Opened opened =
        StagedTarget.open(calls, to, policy.modeOf(status), files.hasProc());
    StagedTarget staged = opened.target();
    if (staged == null) {
      throw CallFailure.of(calls, "open", -opened.result(), target, null);
    }
    try (staged) {
      files.write(source, in, status, target, staged.descriptor(), policy);
      int flushed = staged.flush();
      if (flushed < 0 && !Errno.EINTR.is(flushed)) {
        throw CallFailure.of(calls, "close", -flushed, source, target);
      }
      boolean directory = existing != null && existing.isDirectory();
      if (directory) {
        // No file takes the place of a directory: that must be gone before, and be empty.
        remove(target, to);
      }
      int published = staged.publish(policy.replaceExisting() && existing != null && !directory);
      if (Errno.EEXIST.is(published) && policy.replaceExisting()) {
        published = staged.publish(true);
      }
      if (published < 0) {
        throw CallFailure.of(calls, "linkat/rename", -published, target, null);
      }
    }
  }

  private void remove(Path directory, byte[] path) throws IOException {
    int removed = calls.rmdir(path);
    if (Errno.ENOTEMPTY.is(removed) || Errno.EEXIST.is(removed)) {
      throw new DirectoryNotEmptyException(directory.toString());
    }
    if (removed < 0) {
      throw CallFailure.of(calls, "rmdir", -removed, directory, null);
    }
  }

  private FileStatus statusOf(Path file, byte[] path, boolean followLinks) throws IOException {
    byte[] buffer = new byte[FileStatus.STRUCT_SIZE];
    int result = calls.statx(path, followLinks, buffer);
    if (result < 0) {
      throw CallFailure.of(calls, "statx", -result, file, null);
    }
    return FileStatus.of(buffer);
  }

  private Descriptor open(Path file, byte[] path, int flags, int mode) throws IOException {
    int result = Descriptor.open(calls, path, flags, mode);
    if (result < 0) {
      throw CallFailure.of(calls, "open", -result, file, null);
    }
    return new Descriptor(calls, result);
  }

  /** The bytes of a path of the JDK's own file system; each has some once it is absolute. */
  static byte[] raw(Path path) {
    byte[] bytes = RawPath.of(path);
    return bytes != null
        ? bytes
        : Objects.requireNonNull(RawPath.of(path.toAbsolutePath()), "not the JDK's path");
  }
}
