package dev.copyoffload;

import dev.copyoffload.linux.Platform;
import dev.copyoffload.provider.Offload;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Copies for libraries and tools that cannot choose how their JVM is started. */
public final class CopyOffload {
  private CopyOffload() {}

  /**
   * Loads native code now, if it is not loaded yet, and tells whether there is any.
   *
   * <p>Without this, native code loads beside the first copy that could use it. Takes up to some
   * hundred milliseconds the first time.
   *
   * @return whether the kernel can be asked; if not, every copy is the JDK's own
   */
  public static boolean isAvailable() {
    return Platform.load() != null;
  }

  /** Why there is no native code, or null if there is or if it was not wanted yet. */
  public static @Nullable Throwable unavailabilityCause() {
    return Platform.unavailabilityCause();
  }

  /**
   * Copies a file to a target file, by the same contract as {@link Files#copy(Path, Path,
   * CopyOption...)}.
   *
   * <p>The kernel does it where both paths are files of the default file system and it can; else
   * {@code Files.copy} does. Either path may be of any provider. Safe for use by several threads.
   *
   * @param source the file to copy
   * @param target the file to copy to
   * @param options how to copy
   * @throws IOException what {@code Files.copy} would throw, with the same file names
   */
  public static void copy(Path source, Path target, CopyOption... options) throws IOException {
    Offload.copyAny(source, target, options);
  }
}
