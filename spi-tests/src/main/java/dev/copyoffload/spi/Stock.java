package dev.copyoffload.spi;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** The JDK's own file system, also in a JVM whose default provider is another one: the oracle. */
public final class Stock {
  private static final String BUILT_IN = "sun.nio.fs.DefaultFileSystemProvider";
  private static final String BUILT_IN_PROVIDER = "sun.nio.fs.LinuxFileSystemProvider";
  private static final FileSystem FILE_SYSTEM = find();

  private Stock() {}

  /** Returns the built-in file system. */
  public static FileSystem fileSystem() {
    return FILE_SYSTEM;
  }

  /** Returns a path of the built-in file system. */
  public static Path path(String first, String... more) {
    return FILE_SYSTEM.getPath(first, more);
  }

  private static FileSystem find() {
    FileSystem byDefault = FileSystems.getDefault();
    if (byDefault.provider().getClass().getName().equals(BUILT_IN_PROVIDER)) {
      return byDefault;
    }
    // Needs --add-exports java.base/sun.nio.fs=ALL-UNNAMED; --add-opens would change what is
    // tested.
    try {
      return (FileSystem) Class.forName(BUILT_IN).getMethod("theFileSystem").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("The built-in file system cannot be reached", e);
    }
  }
}
