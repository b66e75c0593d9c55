package dev.copyoffload;

import dev.copyoffload.provider.WrappingProvider;
import java.nio.file.spi.FileSystemProvider;

/**
 * The default file system provider whose copies and moves are done by the kernel where it can:
 *
 * <pre>{@code
 * java -Djava.nio.file.spi.DefaultFileSystemProvider=dev.copyoffload.OffloadFileSystemProvider ...
 * }</pre>
 *
 * <p>Everything else is done by the provider that it wraps. Safe for use by several threads.
 */
public final class OffloadFileSystemProvider extends WrappingProvider {
  /**
   * Creates a provider that wraps another one.
   *
   * <p>Called by the JDK while the default file system is being set up: nothing that asks for that
   * file system may run here, or in a static initialiser that runs from here.
   *
   * @param delegate the JDK's provider of the {@code file} scheme
   */
  public OffloadFileSystemProvider(FileSystemProvider delegate) {
    super(delegate);
  }
}
