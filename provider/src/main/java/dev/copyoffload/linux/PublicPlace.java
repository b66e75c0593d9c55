package dev.copyoffload.linux;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Asks the JDK by its public API: slower, and it warns from JDK 24 on, but needs no rights. */
final class NioPlace implements Place {
  @Override
  public long ownerAndMode(String directory) {
    Path path = Path.of(directory);
    try {
      return (long) (int) Files.getAttribute(path, "unix:uid", new LinkOption[0]) << Integer.SIZE
          | (int) Files.getAttribute(path, "unix:mode", new LinkOption[0]);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }

  @Override
  public boolean create(String file, byte[] content) {
    try {
      Files.createFile(
          Path.of(file),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
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

  @Override
  public void delete(String file) {
    try {
      Files.deleteIfExists(Path.of(file));
    } catch (IOException e) {
      // It is small, and of no use to anybody.
      return;
    }
  }

  @Override
  public void load(String file) {
    TrustedLookup.load(file);
  }
}
