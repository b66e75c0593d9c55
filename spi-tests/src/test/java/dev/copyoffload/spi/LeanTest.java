package dev.copyoffload.spi;

import org.junit.jupiter.api.Nested;

/** The provider in programs that know nothing of it, installed by a file of options. */
final class LeanTest {
  @Nested
  final class UnmodifiedProgram extends UnmodifiedProgramContract implements StockTest.Itself {
    @Override
    String[] flags() {
      return new String[] {"@" + System.getProperty("copyoffload.test.options")};
    }
  }
}
