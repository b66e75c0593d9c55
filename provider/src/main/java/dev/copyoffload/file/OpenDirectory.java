package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_DIRECTORY;
import static dev.copyoffload.linux.Constants.O_NOFOLLOW;
import static dev.copyoffload.linux.Constants.O_PATH;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is held open: what is done by way of {@link #path()} is done in it, whoever has
 * renamed it or put something else in its place.
 *
 * <p>Used by one thread.
 */
public final class OpenDirectory implements AutoCloseable {
  private final SystemCalls calls;
  private final Descriptor descriptor;
  private final Path path;
  private final KnownDirectory known;

  private OpenDirectory(SystemCalls calls, Descriptor descriptor, Path path, KnownDirectory known) {
    this.calls = calls;
    this.descriptor = descriptor;
    this.path = path;
    this.known = known;
  }

  /**
   * Opens the topmost directory of a tree.
   *
   * @param followLink whether it may be a link to one
   */
  public static OpenDirectory top(SystemCalls calls, Path path, boolean followLink)
      throws IOException {
    return open(calls, null, path, path, followLink);
  }

  /**
   * Opens a directory.
   *
   * @param at where the kernel finds it
   * @param path what programs call it
   */
  static OpenDirectory open(
      SystemCalls calls, @Nullable KnownDirectory parent, Path at, Path path, boolean followLink)
      throws IOException {
    // Needs no right to read it, which a directory of the target may not give.
    int flags = O_PATH | O_DIRECTORY | O_CLOEXEC | (followLink ? 0 : O_NOFOLLOW);
    Descriptor descriptor = new Descriptor(calls);
    int result = descriptor.open(RawPath.ofAny(at), flags, 0);
    if (Errno.ENOTDIR.is(result) || Errno.ELOOP.is(result)) {
      throw new NotDirectoryException(path.toString());
    }
    CallFailure.checked(calls, "open", result, path);
    long[] buffer = new long[FileStatus.LONGS];
    int told = calls.statx(result, buffer);
    if (told < 0) {
      descriptor.close();
    }
    CallFailure.checked(calls, "statx", told, path);
    Path held = path.getFileSystem().getPath("/proc/self/fd", Integer.toString(result));
    Object key = FileStatus.of(buffer).key();
    return new OpenDirectory(
        calls, descriptor, held, new KnownDirectory(calls, parent, path, held, key));
  }

  /** Makes a directory and returns true, or false if something has its name. */
  public static boolean make(SystemCalls calls, Path at, Path path, int mode) throws IOException {
    int result = calls.mkdir(RawPath.ofAny(at), mode);
    return !Errno.EEXIST.is(result) && CallFailure.checked(calls, "mkdir", result, path) == 0;
  }

  /** The path of this directory for as long as it is open. */
  public Path path() {
    return path;
  }

  public KnownDirectory known() {
    return known;
  }

  /** Opens a directory in this one, by the last name of what programs call it. */
  public OpenDirectory open(Path path) throws IOException {
    return open(calls, known, at(path), path, false);
  }

  /** The path for as long as this is open of what programs call {@code path}. */
  public Path at(Path path) {
    return this.path.resolve(path.getFileName());
  }

  /** The status of what programs call {@code path}; of a link itself. */
  public FileStatus status(Path path) throws IOException {
    byte[] at = RawPath.ofAny(at(path));
    int start = this.path.toString().length() + 1;
    long[] buffer = new long[FileStatus.LONGS];
    int result = calls.statx(descriptor.number(), Arrays.copyOfRange(at, start, at.length), buffer);
    CallFailure.checked(calls, "statx", result, path);
    return FileStatus.of(buffer);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
