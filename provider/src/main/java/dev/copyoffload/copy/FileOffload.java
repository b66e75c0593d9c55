package dev.copyoffload.copy;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;

/**
 * Copies and moves regular files of the JDK's own file system, or declines so that the JDK's code
 * runs.
 */
public final class FileOffload {
  private FileOffload() {}

  /**
   * Mirrors {@link java.nio.file.Files#copy(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the copy is done; false means that nothing was touched and that the caller must
   *     let the JDK copy
   * @throws IOException what the JDK would throw
   */
  public static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }

  /**
   * Mirrors {@link java.nio.file.Files#move(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the move is done; false means that nothing was touched and that the caller must
   *     let the JDK move
   * @throws IOException what the JDK would throw
   */
  public static boolean move(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }
}
