package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods that {@link FileSystemProvider} has had since JDK 20, or does what they do.
 *
 * <p>Not to be initialised before the default file system is: nothing here is needed until then.
 */
final class Jdk20Methods {
  private static final @Nullable MethodHandle EXISTS =
      find("exists", MethodType.methodType(boolean.class, Path.class, LinkOption[].class));
  private static final @Nullable MethodHandle READ_ATTRIBUTES_IF_EXISTS =
      find(
          "readAttributesIfExists",
          MethodType.methodType(
              BasicFileAttributes.class, Path.class, Class.class, LinkOption[].class));

  private Jdk20Methods() {}

  private static @Nullable MethodHandle find(String name, MethodType type) {
    try {
      return MethodHandles.publicLookup().findVirtual(FileSystemProvider.class, name, type);
    } catch (NoSuchMethodException e) {
      return null;
    } catch (IllegalAccessException e) {
      throw new LinkageError(name, e);
    }
  }

  static boolean exists(FileSystemProvider provider, Path path, LinkOption... options) {
    if (EXISTS == null) {
      return Files.exists(path, options);
    }
    try {
      return (boolean) EXISTS.invokeExact(provider, path, options);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }

  static <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      FileSystemProvider provider, Path path, Class<A> type, LinkOption... options)
      throws IOException {
    if (READ_ATTRIBUTES_IF_EXISTS == null) {
      try {
        return provider.readAttributes(path, type, options);
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    try {
      BasicFileAttributes attributes =
          (BasicFileAttributes)
              READ_ATTRIBUTES_IF_EXISTS.invokeExact(provider, path, type, options);
      return type.cast(attributes);
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }
}
