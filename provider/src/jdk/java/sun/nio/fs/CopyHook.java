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
  /** Never null: UnixFileSystemProvider calls it first in copy and move. */
  static volatile CopyHook installed = new CopyHook();

  /** Whether the JDK asks again once it has looked at the file. */
  private static volatile boolean asksAgain = Runtime.version().feature() < 20;

  protected CopyHook() {}

  /** Whether the JDK asks {@link #copiesFile} where it got no for an answer before. */
  public static boolean isAskedAgain() {
    return asksAgain;
  }

  /** Says that it does not, since its code is not as we know it. */
  public static void isNotAskedAgain() {
    asksAgain = false;
  }

  /** Says who is asked from now on, or nobody. */
  public static void install(CopyHook hook) {
    installed = hook == null ? new CopyHook() : hook;
  }

  /** Whether it did the copy; if not, nothing has changed that the JDK's code would mind. */
  public boolean copies(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }

  /**
   * Whether it did the copy of a file that the JDK has looked at, and whose name is free by now.
   *
   * @param size in bytes
   * @param attributes whether they are to be copied, too
   */
  public boolean copiesFile(Path source, Path target, long size, boolean attributes)
      throws IOException {
    return false;
  }

  /** Whether it did the move; if not, nothing has changed that the JDK's code would mind. */
  public boolean moves(Path source, Path target, CopyOption... options) throws IOException {
    return false;
  }
}
