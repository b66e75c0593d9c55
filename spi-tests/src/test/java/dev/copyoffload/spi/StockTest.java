package dev.copyoffload.spi;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/**
 * The JDK's own provider: what the contracts expect is what it does. Those that only have rows are
 * left out: whoever is tested by them does each on this one first.
 */
final class StockTest {
  /** Paths stay what they are. */
  interface Itself extends Implementation {
    @Override
    default Path at(Path raw) {
      return raw;
    }
  }

  @Nested
  final class Attributes extends AttributesContract implements Itself {}

  @Nested
  final class Failure extends FailureContract implements Itself {}

  @Nested
  final class SpecialFiles extends SpecialFilesContract implements Itself {}

  @Nested
  final class DescriptorLeak extends DescriptorLeakContract implements Itself {}

  @Nested
  final class OpenSource extends OpenSourceContract implements Itself {}

  @Nested
  final class Paths extends PathContract implements Itself {}

  @Nested
  final class Directory extends DirectoryContract implements Itself {}

  @Nested
  final class Watch extends WatchContract implements Itself {}

  @Nested
  final class NothingEscapes extends NothingEscapesContract implements Itself {}

  @Nested
  final class Channel extends ChannelContract implements Itself {}
}
