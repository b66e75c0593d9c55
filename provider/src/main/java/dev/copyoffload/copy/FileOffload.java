package dev.copyoffload.copy;

import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies and moves regular files of the JDK's own file system, or declines so that the JDK's code
 * runs. Safe for use by many threads.
 */
public final class FileOffload {
  private static volatile @Nullable FileCopy files;

  private FileOffload() {}

  /**
   * Mirrors {@link java.nio.file.Files#copy(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the copy is done; false means that the caller must let the JDK copy, which will
   *     find everything as it was, but for a target that was to be replaced and may be gone
   * @throws IOException what the JDK would throw
   */
  public static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyPolicy policy = CopyPolicy.ofCopy(options);
    FileCopy files = policy == null || isLeftToJdk() ? null : filesOf(LoadPolicy.callsFor(source));
    return ours(files != null && policy != null && files.copy(source, target, policy));
  }

  /**
   * Mirrors {@link java.nio.file.Files#move(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the move is done; false means that the caller must let the JDK move, which will
   *     find everything as it was, but for a target that was to be replaced and may be gone
   * @throws IOException what the JDK would throw
   */
  public static boolean move(Path source, Path target, CopyOption... options) throws IOException {
    CopyPolicy policy = CopyPolicy.ofMove(options);
    FileCopy files =
        policy == null || isLeftToJdk() ? null : filesOf(LoadPolicy.callsFor(source, target));
    return ours(files != null && policy != null && files.move(source, target, policy));
  }

  /** Counts what is not. */
  private static boolean ours(boolean done) {
    if (!done) {
      CopyObserver.leftToJdk();
    }
    return done;
  }

  private static boolean isLeftToJdk() {
    // The JDK asks a security manager for every path; so must the JDK's code run.
    return Platform.isUnavailable() || hasSecurityManager();
  }

  private static @Nullable FileCopy filesOf(@Nullable SystemCalls calls) {
    FileCopy current = files;
    if (current != null || calls == null) {
      return current;
    }
    synchronized (FileOffload.class) {
      current = files;
      if (current == null) {
        current = new FileCopy(calls);
        files = current;
      }
      return current;
    }
  }

  @SuppressWarnings("removal")
  private static boolean hasSecurityManager() {
    return System.getSecurityManager() != null;
  }
}
