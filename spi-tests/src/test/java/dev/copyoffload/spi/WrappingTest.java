package dev.copyoffload.spi;

import dev.copyoffload.OffloadFileSystemProvider;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import org.junit.jupiter.api.Nested;

/**
 * The wrapping provider where the default one is the JDK's; the rest is {@link
 * DefaultProviderTest}'s.
 */
final class WrappingTest {
  /** Paths of a provider that wraps the JDK's. */
  interface Wrapping extends Implementation {
    FileSystemProvider PROVIDER = new OffloadFileSystemProvider(Stock.fileSystem().provider());

    @Override
    default Path at(Path raw) {
      return PROVIDER.getPath(raw.toUri());
    }

    @Override
    default void prepare() {
      NativeCode.isThere();
    }
  }

  @Nested
  final class Oracle extends OracleContract implements Wrapping {}

  @Nested
  final class Copy extends CopyContract implements Wrapping {}

  @Nested
  final class OpenSource extends OpenSourceContract implements Wrapping {}

  @Nested
  final class Paths extends PathContract implements Wrapping {}

  @Nested
  final class Directory extends DirectoryContract implements Wrapping {}

  @Nested
  final class Watch extends WatchContract implements Wrapping {}

  @Nested
  final class NothingEscapes extends NothingEscapesContract implements Wrapping {}

  @Nested
  final class Foreign extends ForeignContract implements Wrapping {}

  @Nested
  final class Transfer extends TransferContract implements Wrapping {}

  @Nested
  final class Channel extends ChannelContract implements Wrapping {}

  @Nested
  final class Stream extends StreamContract implements Wrapping {}

  @Nested
  final class Options extends OptionContract implements Wrapping {}
}
