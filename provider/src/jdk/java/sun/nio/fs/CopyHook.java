package sun.nio.fs;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;

/**
 * Whom the JDK's provider asks before it copies or moves.
 *
 * <p>A class that both sides see: the JDK's code that calls it, and ours that extends it.
 */
public abstract class CopyHook {
  private static volatile CopyHook installed;

  /** Says who is asked from now on. */
  public static void install(CopyHook hook) {
    installed = hook;
  }

  /** Whether it did the copy; if not, nothing has changed that the JDK's code would mind. */
  protected abstract boolean copies(Path source, Path target, CopyOption... options)
      throws IOException;

  /** Whether it did the move; if not, nothing has changed that the JDK's code would mind. */
  protected abstract boolean moves(Path source, Path target, CopyOption... options)
      throws IOException;

  /** Called first in UnixFileSystemProvider.copy. */
  public static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyHook hook = installed;
    return hook != null && hook.copies(source, target, options);
  }

  /** Called first in UnixFileSystemProvider.move. */
  public static boolean move(Path source, Path target, CopyOption... options) throws IOException {
    CopyHook hook = installed;
    return hook != null && hook.moves(source, target, options);
  }
}
