package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;

/** The JDK's own file system, also in a JVM whose default provider is another one: the oracle. */
public final class Stock {
  private static final String BUILT_IN = "sun.nio.fs.DefaultFileSystemProvider";
  private static final String BUILT_IN_PROVIDER = "sun.nio.fs.LinuxFileSystemProvider";
  private static final FileSystem FILE_SYSTEM = find();

  /** Whom the JDK's own code asks first, once an agent has woven it. */
  private static final List<String> HOOKS =
      List.of("sun.nio.fs.CopyHook", "sun.nio.ch.TransferHook");

  private static final String ANSWERS = "dev.copyoffload.provider.AskedByJdk";

  private Stock() {}

  /** Returns the built-in file system. */
  public static FileSystem fileSystem() {
    return FILE_SYSTEM;
  }

  /** Returns a path of the built-in file system. */
  public static Path path(String first, String... more) {
    return FILE_SYSTEM.getPath(first, more);
  }

  /** Says whether the JDK's own code asks us before it copies. */
  static boolean isAskingUs() {
    try {
      Class.forName(HOOKS.get(0), false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Runs what the JDK's code must do alone. With the agent it asks nobody meanwhile, in no thread:
   * an operation may have threads of its own.
   */
  static <T> T alone(Work<T> work) throws IOException {
    if (!isAskingUs()) {
      return work.run();
    }
    try {
      for (String name : HOOKS) {
        // Needs --add-exports of both packages.
        Class<?> hook = Class.forName(name, false, null);
        hook.getMethod("install", hook).invoke(null, new Object[1]);
      }
      try {
        return work.run();
      } finally {
        // As the agent does.
        Class.forName(ANSWERS).getMethod("install").invoke(null);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("The JDK's code cannot be left alone", e);
    }
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

  /** Something that the JDK's code does. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }
}
