package dev.copyoffload.provider;

import dev.copyoffload.channel.ChannelOffload;
import dev.copyoffload.provider.forward.ForwardingFileSystemProvider;
import dev.copyoffload.provider.forward.PathWrapping;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/** The JDK's provider, which wraps no path, but hands copies, moves and transfers to the kernel. */
final class Copier extends ForwardingFileSystemProvider {
  Copier(FileSystemProvider builtIn) {
    super(builtIn);
  }

  @Override
  protected PathWrapping paths() {
    return PathWrapping.NONE;
  }

  @Override
  protected FileSystem wrap(FileSystem raw) {
    return raw;
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(delegate.newFileChannel(path, options, attrs), path);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(delegate.newByteChannel(path, options, attrs));
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return ChannelOffload.opened(delegate.newInputStream(path, options), path);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    if (!Offload.copy(source, target, options)) {
      delegate.copy(source, target, options);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    if (!Offload.move(source, target, options)) {
      delegate.move(source, target, options);
    }
  }
}
