package dev.copyoffload.provider;

import dev.copyoffload.copy.FileOffload;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import org.jspecify.annotations.Nullable;

/** Decides which copies are offered to the kernel: those between two files of the JDK's own. */
public final class Offload {
  private Offload() {}

  /**
   * Copies a file as {@link Files#copy(Path, Path, CopyOption...)} does, whatever provider each of
   * the two paths belongs to.
   *
   * @throws IOException what {@code Files.copy} would throw
   */
  public static void copyAny(Path source, Path target, CopyOption... options) throws IOException {
    Path rawSource = OffloadPath.unwrap(source);
    Path rawTarget = OffloadPath.unwrap(target);
    if (!copy(rawSource, rawTarget, options)) {
      Files.copy(rawSource, rawTarget, options);
    }
  }

  /** Copies between two unwrapped paths, or returns false for the JDK to do it. */
  static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    return isBuiltIn(source) && isBuiltIn(target) && FileOffload.copy(source, target, options);
  }

  /** Moves between two unwrapped paths, or returns false for the JDK to do it. */
  static boolean move(Path source, Path target, CopyOption... options) throws IOException {
    return isBuiltIn(source) && isBuiltIn(target) && FileOffload.move(source, target, options);
  }

  private static boolean isBuiltIn(@Nullable Path path) {
    if (path == null) {
      return false;
    }
    FileSystemProvider provider = path.getFileSystem().provider();
    return provider.getClass().getModule() == Object.class.getModule()
        && provider.getScheme().equals(UriScheme.FILE.text());
  }
}
