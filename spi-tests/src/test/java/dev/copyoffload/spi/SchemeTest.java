package dev.copyoffload.spi;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/**
 * The provider that is chosen path by path, by a scheme of its own; how it moves bytes is {@link
 * WrappingTest}'s.
 */
final class SchemeTest {
  /** Paths of the offload scheme. */
  interface Chosen extends Implementation {
    @Override
    default Path at(Path raw) {
      return Path.of(URI.create(raw.toUri().toString().replaceFirst("^file:", "offload:")));
    }

    @Override
    default void prepare() {
      NativeCode.isThere();
    }
  }

  @Nested
  final class Paths extends PathContract implements Chosen {}

  @Nested
  final class Directory extends DirectoryContract implements Chosen {}

  @Nested
  final class Watch extends WatchContract implements Chosen {}

  @Nested
  final class NothingEscapes extends NothingEscapesContract implements Chosen {}

  @Nested
  final class Foreign extends ForeignContract implements Chosen {}

  @Nested
  final class Channel extends ChannelContract implements Chosen {}
}
