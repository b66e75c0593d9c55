package dev.copyoffload.linux;

import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the stub is loaded from: it must be a file, for a moment, in a directory that allows
 * execution.
 *
 * <p>Whoever may write there could have this process run code. So every directory on the way must
 * belong to the user or to root, and be writable by nobody else unless it is sticky: there the file
 * is the user's to remove. Never the working directory, and never a directory that is only likely
 * to be the user's.
 */
final class StubFile {
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 022;
  private static final int MOST_NAMES = 100;

  private final Place place;
  private final StringBuilder obstacles = new StringBuilder();

  StubFile(Place place) {
    this.place = place;
  }

  /**
   * Loads the stub from the first directory that will do.
   *
   * @return null, or why none would do
   */
  @Nullable String load(byte[] object) {
    boolean loaded =
        loadFrom(System.getProperty("copyoffload.tmpdir"), object)
            || loadFrom(System.getProperty("java.io.tmpdir"), object)
            || loadFrom("/dev/shm", object)
            || loadFrom("/var/tmp", object)
            || loadFrom(System.getenv("XDG_RUNTIME_DIR"), object);
    return loaded ? null : obstacles.toString();
  }

  private boolean loadFrom(@Nullable String directory, byte[] object) {
    return directory != null
        && new File(directory).isAbsolute()
        && (isPrivate(directory) || fails(directory, "others may write there, or it is missing"))
        && load(directory, object);
  }

  /** Whether nobody but the user and root can replace a file of the user's in a directory. */
  boolean isPrivate(String directory) {
    // Of the kernel: who this process is.
    long self = place.ownerAndMode("/proc/self") >> Integer.SIZE;
    try {
      File at = new File(directory).getCanonicalFile();
      while (at != null) {
        long found = place.ownerAndMode(at.getPath());
        long owner = found >> Integer.SIZE;
        boolean othersWrite = (found & OTHERS_WRITE) != 0 && (found & STICKY) == 0;
        if (found < 0 || (owner != 0 && owner != self) || othersWrite) {
          return false;
        }
        at = at.getParentFile();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean load(String directory, byte[] object) {
    for (int i = 0; i < MOST_NAMES; i++) {
      String name =
          ".copyoffload-".concat(Long.toString(System.nanoTime() + i, Character.MAX_RADIX));
      String file = new File(directory, name).getPath();
      if (place.create(file, object)) {
        try {
          place.load(file);
          return true;
        } catch (UnsatisfiedLinkError e) {
          return fails(directory, String.valueOf(e.getMessage()));
        } finally {
          place.delete(file);
        }
      }
      if (!new File(file).exists()) {
        return fails(directory, "no file can be created there");
      }
    }
    return fails(directory, "every name is taken");
  }

  private boolean fails(String directory, String why) {
    obstacles
        .append(obstacles.length() == 0 ? "" : "; ")
        .append(directory)
        .append(": ")
        .append(why);
    return false;
  }
}
