package dev.copyoffload.provider;

import java.nio.file.spi.FileSystemProvider;
import org.jspecify.annotations.Nullable;

/**
 * How a default provider of ours is put in the JDK's place.
 *
 * <p>Runs while the default file system is being set up: nothing here may ask for that file system,
 * and so not for a resource, a logger or a random number either.
 *
 * @param provider what everything but copies and moves is forwarded to
 * @param copier what copies and moves paths of that provider
 * @param obstacle why it is not transparent although the JDK's package is open to us; else null
 */
record Installation(
    FileSystemProvider provider, FileSystemProvider copier, Mode mode, @Nullable String obstacle) {

  private static final String JDK_PACKAGE = "sun.nio.fs";
  private static final String EXTENDED = JDK_PACKAGE + ".LinuxFileSystemProvider";

  /** Puts a provider in the place of the given one, in the best way that is open to us. */
  static Installation inPlaceOf(FileSystemProvider builtIn) {
    if (!isEnabled()) {
      return new Installation(builtIn, builtIn, Mode.OFF, null);
    }
    CopyingProvider copier = CopyingProvider.of(builtIn);
    Module jdk = builtIn.getClass().getModule();
    if (!jdk.isOpen(JDK_PACKAGE, Installation.class.getModule())) {
      return wrapping(builtIn, copier, null);
    }
    if (!builtIn.getClass().getName().equals(EXTENDED)) {
      return wrapping(builtIn, copier, "the JDK's provider is " + builtIn.getClass().getName());
    }
    try {
      return new Installation(copier.extension(), copier, Mode.TRANSPARENT, null);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return wrapping(builtIn, copier, "this JDK's " + EXTENDED + " cannot be extended: " + e);
    }
  }

  /** A provider that says how it is installed, and is otherwise as the above. */
  static FileSystemProvider defaultInPlaceOf(FileSystemProvider builtIn) {
    return new WrappingProvider(builtIn) {};
  }

  /** A provider beside the default one, which wraps whatever that is. */
  static Installation beside(FileSystemProvider provider) {
    return wrapping(provider, CopyingProvider.of(provider), null);
  }

  private static Installation wrapping(
      FileSystemProvider provider, CopyingProvider copier, @Nullable String obstacle) {
    return new Installation(provider, copier, Mode.WRAPPING, obstacle);
  }

  /** Whether nobody said {@code -Dcopyoffload.enabled=false}. */
  static boolean isEnabled() {
    try {
      return !"false".equals(System.getProperty("copyoffload.enabled"));
    } catch (SecurityException e) {
      // Under a security manager (JDK 17) the JDK's code copies anyway.
      return true;
    }
  }
}
