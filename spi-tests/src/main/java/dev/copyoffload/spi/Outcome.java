package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * What came of an operation, in words that are the same in every sandbox.
 *
 * @param failure the class of the exception, or null if there was none
 * @param file what {@link FileSystemException#getFile} says
 * @param otherFile what {@link FileSystemException#getOtherFile} says
 * @param reason what {@link FileSystemException#getReason} says
 * @param message the exception's message
 * @param interrupted whether the thread's interrupt status was set, which is cleared
 */
record Outcome(
    @Nullable Class<? extends Throwable> failure,
    @Nullable String file,
    @Nullable String otherFile,
    @Nullable String reason,
    @Nullable String message,
    boolean interrupted) {

  /** Runs an operation; errors are not outcomes, nor is that it cannot be done here. */
  static Outcome of(Operation operation, Sandbox sandbox) {
    Exception failure = null;
    try {
      operation.run(sandbox);
    } catch (TestAbortedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    boolean interrupted = Thread.interrupted();
    if (failure == null) {
      return new Outcome(null, null, null, null, null, interrupted);
    }
    FileSystemException named = failure instanceof FileSystemException e ? e : null;
    return new Outcome(
        failure.getClass(),
        named == null ? null : sandbox.anonymous(named.getFile()),
        named == null ? null : sandbox.anonymous(named.getOtherFile()),
        named == null ? null : sandbox.anonymous(named.getReason()),
        sandbox.anonymous(failure.getMessage()),
        interrupted);
  }

  /**
   * Returns what a provider should have said that failed without the names of the files, as JDK 25
   * does for some errors of copy_file_range(2): what JDK 17 says of the same copy.
   */
  Outcome named(String source, String target) {
    return failure == IOException.class
        ? new Outcome(
            FileSystemException.class,
            source,
            target,
            message,
            source + " -> " + target + ": " + message,
            interrupted)
        : this;
  }

  /** Something to do in a sandbox. */
  @FunctionalInterface
  interface Operation {
    void run(Sandbox sandbox) throws IOException;
  }
}
