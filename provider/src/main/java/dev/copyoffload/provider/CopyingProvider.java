package dev.copyoffload.provider;

import dev.copyoffload.file.FileCopies;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.JavaBase;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.provider.forward.ForwardingFileSystemProvider;
import dev.copyoffload.provider.forward.PathWrapping;
import dev.copyoffload.transfer.ChannelOffload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/** The JDK's provider, whose paths stay as they are, but for copies, moves and what is opened. */
public final class CopyingProvider extends ForwardingFileSystemProvider {
  /** What the default provider is where it has this one copy. */
  public static final String EXTENSION = "sun.nio.fs.OffloadLinuxFileSystemProvider";

  /** Null once a copy was ours, and where paths are wrapped. */
  private volatile @Nullable FirstCopies first;

  CopyingProvider(FileSystemProvider builtIn) {
    super(builtIn);
  }

  /**
   * Creates an extension of the JDK's provider, in its package, which has this one copy; once
   * {@link JavaBase#isEntered()}.
   *
   * @throws LinkageError if this JDK does not take it
   */
  FileSystemProvider extension() {
    JavaBase.define(EXTENSION, OffloadLinuxFileSystemProviderBytes.get());
    first = new FirstCopies();
    return OffloadKernel.extension(this);
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
    return ChannelOffload.opened(delegate.newFileChannel(path, options, attrs));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(delegate.newByteChannel(path, options, attrs));
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return ChannelOffload.opened(delegate.newInputStream(path, options));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    if (FileCopies.hasDemands(options)) {
      AnyProviderCopy.copyAsDemanded(source, target, delegate::copy, options);
    } else if (isLeftAtFirst(source, options) || !FileCopies.copy(source, target, options)) {
      delegate.copy(source, target, options);
    }
  }

  /** Whether a copy is the JDK's, as is what we cannot copy. */
  private boolean isLeftAtFirst(Path source, CopyOption... options) {
    FirstCopies copies = early();
    if (copies == null) {
      return false;
    }
    boolean follow = true;
    for (CopyOption option : options) {
      follow &= option != LinkOption.NOFOLLOW_LINKS;
    }
    try {
      long[] found = OffloadKernel.sizeAndDevice(source, follow);
      if (found == null) {
        Completion.leave();
        return true;
      }
      if (copies.leave(source, found[0], found[1])) {
        return true;
      }
    } catch (LinkageError e) {
      // The stack ended while a class of ours was set up; the JDK needs none.
      return true;
    }
    first = null;
    return false;
  }

  private @Nullable FirstCopies early() {
    FirstCopies copies = first;
    return copies == null || Platform.loaded() != null ? null : copies;
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    FirstCopies moves = early();
    boolean left = moves != null && moves.leaveMove(source);
    if (left || !FileCopies.move(source, target, options)) {
      delegate.move(source, target, options);
    }
  }
}
