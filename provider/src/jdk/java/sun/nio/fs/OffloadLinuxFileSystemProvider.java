package sun.nio.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * The JDK's own provider for Linux, but for copies, moves and what is opened, which another
 * provider does.
 *
 * <p>In this package because that is where the JDK's class and its paths can be extended. The type
 * of the other provider is one that every class loader shares.
 */
public final class OffloadLinuxFileSystemProvider extends LinuxFileSystemProvider {
  private final FileSystemProvider copier;

  private OffloadLinuxFileSystemProvider(FileSystemProvider copier) {
    this.copier = copier;
  }

  /**
   * Creates a provider with a file system of its own.
   *
   * @param copier copies, moves and opens paths of this provider's file system, or has the JDK do
   *     it; nothing else of it is called
   */
  static FileSystemProvider with(FileSystemProvider copier) {
    return new OffloadLinuxFileSystemProvider(copier);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return copier.newFileChannel(path, options, attrs);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return copier.newByteChannel(path, options, attrs);
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return copier.newInputStream(path, options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    copier.copy(source, target, options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    copier.move(source, target, options);
  }
}
