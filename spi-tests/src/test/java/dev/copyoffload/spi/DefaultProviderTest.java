package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The provider as the JVM's default one; it is run in a JVM started so. */
final class DefaultProviderTest {
  /** Paths as any program makes them. */
  interface Default extends Implementation {
    @Override
    default Path at(Path raw) {
      return Path.of(raw.toUri());
    }

    @Override
    default void prepare() {
      NativeCode.isThere();
    }
  }

  /** Else the contracts would only show that stock holds them. */
  @Test
  void testDefaultProvider_isOurs() {
    String provider = FileSystems.getDefault().provider().getClass().getSimpleName();
    assertTrue(provider.startsWith("Offload") || Stock.isAskingUs(), provider);
  }

  @Nested
  final class Oracle extends OracleContract implements Default {}

  @Nested
  final class Copy extends CopyContract implements Default {}

  @Nested
  final class Matrix extends MatrixContract implements Default {}

  @Nested
  final class Attributes extends AttributesContract implements Default {}

  @Nested
  final class Move extends MoveContract implements Default {}

  @Nested
  final class Failure extends FailureContract implements Default {}

  @Nested
  final class SpecialFiles extends SpecialFilesContract implements Default {}

  @Nested
  final class DescriptorLeak extends DescriptorLeakContract implements Default {}

  @Nested
  final class OpenSource extends OpenSourceContract implements Default {}

  @Nested
  final class Paths extends PathContract implements Default {}

  @Nested
  final class Directory extends DirectoryContract implements Default {}

  @Nested
  final class Watch extends WatchContract implements Default {}

  @Nested
  final class NothingEscapes extends NothingEscapesContract implements Default {}

  @Nested
  final class Foreign extends ForeignContract implements Default {}

  @Nested
  final class TransferMatrix extends TransferMatrixContract implements Default {}

  @Nested
  final class Transfer extends TransferContract implements Default {}

  @Nested
  final class Channel extends ChannelContract implements Default {}

  @Nested
  final class Stream extends StreamContract implements Default {}

  @Nested
  final class Options extends OptionContract implements Default {}
}
