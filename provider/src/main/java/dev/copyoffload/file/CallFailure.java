package dev.copyoffload.file;

import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Turns an errno into the exception that the JDK makes of it, with the failed call as its cause.
 */
final class CallFailure {
  private CallFailure() {}

  /** The result of a call, or the exception of a negated errno. */
  static int checked(SystemCalls calls, String call, int result, Path file)
      throws FileSystemException {
    if (result < 0) {
      throw of(calls, call, -result, file, null);
    }
    return result;
  }

  /**
   * The JDK's class, files and reason; programs look at all three, so what else is known goes into
   * the cause.
   */
  static FileSystemException of(
      SystemCalls calls, String call, int errno, Path file, @Nullable Path other) {
    String first = file.toString();
    String second = other == null ? null : other.toString();
    String message = calls.strerror(errno);
    FileSystemException failure;
    if (errno == Errno.EACCES.number()) {
      failure = new AccessDeniedException(first, second, null);
    } else if (errno == Errno.ENOENT.number()) {
      failure = new NoSuchFileException(first, second, null);
    } else if (errno == Errno.EEXIST.number()) {
      failure = new FileAlreadyExistsException(first, second, null);
    } else if (errno == Errno.ELOOP.number()) {
      failure =
          new FileSystemException(
              first, second, message + " or unable to access attributes of symbolic link");
    } else {
      failure = new FileSystemException(first, second, message);
    }
    failure.initCause(cause(call, errno));
    return failure;
  }

  /** Of a copy within one file system JDK 20 and later name no file, as the kernel does it. */
  static IOException unnamed(SystemCalls calls, String call, int errno) {
    return new IOException(calls.strerror(errno), cause(call, errno));
  }

  private static IOException cause(String call, int errno) {
    return new IOException(call + ": " + Errno.nameOf(errno) + " (" + errno + ")");
  }
}
