package dev.copyoffload.provider;

import dev.copyoffload.engine.Range;
import dev.copyoffload.file.FileCopies;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decides which copies are offered to the kernel: those between two files of the JDK's own. */
public final class AnyProviderCopy {
  private AnyProviderCopy() {}

  /**
   * Copies a file as {@link Files#copy(Path, Path, CopyOption...)} does, whatever provider each of
   * the two paths belongs to.
   *
   * @throws IOException what {@code Files.copy} would throw
   */
  public static void copyAny(Path source, Path target, CopyOption... options) throws IOException {
    Path rawSource = OffloadPath.unwrap(source);
    Path rawTarget = OffloadPath.unwrap(target);
    if (FileCopies.hasDemands(options)) {
      copyAsDemanded(rawSource, rawTarget, Files::copy, options);
    } else if (!copy(rawSource, rawTarget, options)) {
      Files.copy(rawSource, rawTarget, options);
    }
  }

  /** Returns the JDK's path of one of ours, and any other as it is. */
  public static Path unwrapped(Path path) {
    return OffloadPath.unwrap(path);
  }

  /**
   * The options with which a copy ends with an exception soon after the thread is interrupted,
   * where the runtime knows how.
   */
  public static CopyOption[] interruptibly(CopyOption... options) {
    if (Interruptible.OPTION == null || Arrays.asList(options).contains(Interruptible.OPTION)) {
      return options;
    }
    CopyOption[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = Interruptible.OPTION;
    return all;
  }

  /** The JDK's option by name: its module, jdk.unsupported, may be missing. */
  private static final class Interruptible {
    static final @Nullable CopyOption OPTION = find();

    private static @Nullable CopyOption find() {
      try {
        Object[] constants =
            Class.forName("com.sun.nio.file.ExtendedCopyOption").getEnumConstants();
        return constants == null || constants.length == 0 ? null : (CopyOption) constants[0];
      } catch (ClassNotFoundException e) {
        return null;
      }
    }
  }

  /** Copies between two unwrapped paths, or returns false for the JDK to do it. */
  static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    return areBuiltIn(source, target) && FileCopies.copy(source, target, options);
  }

  /** Copies between two unwrapped paths with options of ours. */
  static void copyAsDemanded(
      Path source, Path target, FileCopies.OtherCopy other, CopyOption... options)
      throws IOException {
    FileCopies.copyAsDemanded(source, target, areBuiltIn(source, target), other, options);
  }

  /**
   * Shares the extents of two files, or of ranges of them, that hold the same bytes, whatever
   * provider they belong to.
   *
   * @param span null for whole files
   * @return bytes shared
   * @throws IOException if they differ or cannot be shared
   */
  public static long dedupe(Path source, Path target, @Nullable Range span) throws IOException {
    Path rawSource = OffloadPath.unwrap(source);
    Path rawTarget = OffloadPath.unwrap(target);
    return FileCopies.dedupe(rawSource, rawTarget, span, areBuiltIn(rawSource, rawTarget));
  }

  /** Whether both paths are of the JDK's own default file system, and not wrapped. */
  public static boolean areBuiltIn(@Nullable Path source, @Nullable Path target) {
    return isBuiltIn(source) && isBuiltIn(target);
  }

  private static boolean isBuiltIn(@Nullable Path path) {
    if (path == null) {
      return false;
    }
    FileSystemProvider provider = path.getFileSystem().provider();
    return provider.getClass().getModule() == Object.class.getModule()
        && provider.getScheme().equals(UriScheme.BUILT_IN);
  }
}
