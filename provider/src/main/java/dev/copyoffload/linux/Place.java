package dev.copyoffload.linux;

import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/**
 * Where the stub is loaded from: it must be a file, for a moment, in a directory that allows
 * execution.
 *
 * <p>Whoever may write there could have this process run code. So every directory on the way must
 * belong to the user or to root, and be writable by nobody else unless it is sticky: there the file
 * is the user's to remove. Never the working directory, and never a directory that is only likely
 * to be the user's.
 *
 * <p>This one asks the JDK from within, without a class, a warning or a millisecond that need not
 * be; {@link PublicPlace} from without.
 */
class Place {
  static final int OTHERS_WRITE = 022;
  private static final int MOST_NAMES = 100;

  private final StringBuilder obstacles = new StringBuilder();

  /** Who owns a directory, times 2^32, and its mode; -1 if it cannot be asked. */
  long ownerAndMode(String directory) {
    return OffloadKernel.ownerAndMode(directory);
  }

  /** Creates a file of mode 0600 where there is none, and writes it; whether it is whole. */
  boolean create(String file, byte[] content) {
    return OffloadKernel.create(file, content);
  }

  void delete(String file) {
    OffloadKernel.delete(file);
  }

  /**
   * Loads a shared object.
   *
   * @throws UnsatisfiedLinkError if its directory forbids execution, or it is of another machine
   */
  void load(String file) {
    OffloadKernel.load(file);
  }

  /**
   * Loads the stub from the first directory that will do.
   *
   * @return null, or why none would do
   */
  final @Nullable String loadStub(byte[] object) {
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
  final boolean isPrivate(String directory) {
    // Of the kernel: who this process is.
    long self = ownerAndMode("/proc/self") >> Integer.SIZE;
    try {
      File at = new File(directory).getCanonicalFile();
      while (at != null) {
        long found = ownerAndMode(at.getPath());
        long owner = found >> Integer.SIZE;
        boolean othersWrite = (found & OTHERS_WRITE) != 0 && (found & Constants.STICKY) == 0;
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
      if (create(file, object)) {
        try {
          load(file);
          return true;
        } catch (UnsatisfiedLinkError e) {
          return fails(directory, String.valueOf(e.getMessage()));
        } finally {
          delete(file);
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
