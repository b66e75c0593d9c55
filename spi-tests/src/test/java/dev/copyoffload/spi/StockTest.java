package dev.copyoffload.spi;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** The JDK's own provider: what the contracts expect is what it does. */
final class StockTest {
  /** Paths stay what they are. */
  interface Itself extends Implementation {
    @Override
    default Path at(Path raw) {
      return raw;
    }
  }

  @Nested
  final class Copy extends CopyContract implements Itself {}
}
