package sun.nio.fs;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;

/**
 * Whom the JDK's provider asks before it copies or moves; one of this class itself does nothing.
 *
 * <p>A class that both sides see: the JDK's code that calls it, and ours that extends it.
 */
public class CopyHook {
  /** Never null: the JDK's copy and move call it first. */
  static volatile CopyHook installed = new CopyHook();

  protected CopyHook() {}

  /** Says who is asked from now on, or nobody. */
  public static void install(CopyHook hook) {
    installed = hook == null ? new CopyHook() : hook;
  }

  /** Whether it did the copy; if not, nothing has changed that the JDK's code would mind. */
  public boolean copies(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }

  /**
   * Whether it did the copy of a file that the JDK has looked at, and whose name is free by now;
   * called behind {@link #copies}.
   *
   * @param size in bytes
   * @param device where the source is
   * @param attributes whether they are to be copied, too
   */
  public boolean copiesFile(
      Path source, Path target, long size, long device, boolean attributes) throws IOException {
    return false;
  }

  /** Whether it did the move; if not, nothing has changed that the JDK's code would mind. */
  public boolean moves(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }
}
