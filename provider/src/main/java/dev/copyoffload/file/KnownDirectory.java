package dev.copyoffload.file;

import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a tree that can be opened again as long as the topmost one of the tree is held
 * open. No link that took its place is followed, nor one in the place of a directory above it.
 *
 * <p>Safe for use by many threads.
 */
public final class KnownDirectory {
  private final SystemCalls calls;
  private final @Nullable KnownDirectory parent;
  private final Path path;
  private final Path held;
  private final Object key;

  /**
   * A directory that is open now.
   *
   * @param parent null for the topmost one
   * @param path what programs call it
   * @param held by which it is reached while it is open
   */
  KnownDirectory(
      SystemCalls calls, @Nullable KnownDirectory parent, Path path, Path held, Object key) {
    this.calls = calls;
    this.parent = parent;
    this.path = path;
    this.held = held;
    this.key = key;
  }

  /** What identifies the directory, as {@link dev.copyoffload.linux.FileStatus#key()}. */
  public Object key() {
    return key;
  }

  /** Opens the directory once more. */
  public OpenDirectory open() throws IOException {
    if (parent == null) {
      return OpenDirectory.open(calls, null, held, path, true);
    }
    try {
      OpenDirectory found = OpenDirectory.open(calls, parent, path, path, false);
      if (found.known().key.equals(key)) {
        return found;
      }
      found.close();
    } catch (IOException e) {
      // As below.
    }
    // Its path leads elsewhere; or its number is another by now, as FUSE and overlay may have it.
    try (OpenDirectory above = parent.open()) {
      return above.open(path);
    }
  }
}
