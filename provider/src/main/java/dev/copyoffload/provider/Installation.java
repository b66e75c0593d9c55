package dev.copyoffload.provider;

import dev.copyoffload.linux.JavaBase;
import java.net.URI;
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
 * @param wraps whether programs see paths of ours around the JDK's
 * @param obstacle why programs do not see the JDK's paths, or why nothing is put there; null if
 *     they do, or if nothing is wanted
 */
record Installation(
    FileSystemProvider provider,
    FileSystemProvider copier,
    boolean wraps,
    @Nullable String obstacle) {

  private static final String EXTENDED = "sun.nio.fs.LinuxFileSystemProvider";

  static final URI ROOT = URI.create("file:///");

  /** Puts a provider in the place of the given one, in the best way that is open to us. */
  static Installation inPlaceOf(FileSystemProvider builtIn) {
    String obstacle = null;
    if (isEnabled()) {
      CopyingProvider copier = new CopyingProvider(builtIn);
      obstacle = obstacle(builtIn);
      if (obstacle == null) {
        try {
          return new Installation(copier.extension(), copier, false, null);
        } catch (RuntimeException | LinkageError e) {
          obstacle = "this JDK's " + EXTENDED + " cannot be extended: " + e;
        }
      }
      // On the boot class path nobody knows of us: a program is to find the JDK's paths.
      if (Installation.class.getClassLoader() != null) {
        return new Installation(builtIn, copier, true, obstacle);
      }
    }
    return new Installation(builtIn, builtIn, false, obstacle);
  }

  private static @Nullable String obstacle(FileSystemProvider builtIn) {
    String name = builtIn.getClass().getName();
    return name.equals(EXTENDED)
        ? JavaBase.enterFirst(builtIn.getFileSystem(ROOT))
        : "the JDK's provider is " + name;
  }

  /** A provider beside the default one, which wraps whatever that is. */
  static Installation beside(FileSystemProvider provider) {
    return new Installation(provider, new CopyingProvider(provider), true, null);
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
