package dev.copyoffload.linux;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Asks the JDK by its public API: it warns from JDK 24 on, but needs no rights. */
final class PublicPlace extends Place {
  private final FileSystem files;

  /**
   * @param files of the JDK's provider, or one that wraps it
   */
  PublicPlace(FileSystem files) {
    this.files = files;
  }

  @Override
  long ownerAndMode(String path) {
    try {
      Map<String, Object> found =
          Files.readAttributes(files.getPath(path), "unix:uid,mode", new LinkOption[0]);
      return found.get("uid") instanceof Integer owner && found.get("mode") instanceof Integer mode
          ? (long) owner << Integer.SIZE | mode
          : -1;
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }

  @Override
  boolean create(String file, byte[] content) {
    try {
      if (!createPrivate(file)) {
        return false;
      }
    } catch (IOException | RuntimeException e) {
      return false;
    }
    // Not through a channel: that would keep a direct buffer of the program's few.
    try (FileOutputStream out = new FileOutputStream(file)) {
      out.write(content);
      return true;
    } catch (IOException e) {
      delete(file);
      return false;
    }
  }

  private boolean createPrivate(String name) throws IOException {
    // Files would load three dozen classes of channels for it, and does it where it has to: where
    // the umask, or a default ACL, would let others write.
    File file = new File(name);
    if (!file.createNewFile()) {
      return false;
    }
    if ((ownerAndMode(name) & OTHERS_WRITE) != 0
        || !file.setReadable(false, false)
        || !file.setReadable(true, true)) {
      delete(name);
      Files.createFile(
          files.getPath(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return true;
  }

  @Override
  void delete(String file) {
    try {
      Files.deleteIfExists(files.getPath(file));
    } catch (IOException e) {
      // It is small, and of no use to anybody.
      return;
    }
  }

  @Override
  void load(String file) {
    TrustedLookup.load(file);
  }
}
