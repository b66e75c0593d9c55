package dev.copyoffload.spi;

import org.junit.jupiter.api.Nested;

/** The provider in programs that know nothing of it, installed by the JDK's property. */
final class PropertyTest {
  @Nested
  final class UnmodifiedProgram extends UnmodifiedProgramContract implements StockTest.Itself {
    @Override
    String[] flags() {
      return new String[] {
        "-Djava.nio.file.spi.DefaultFileSystemProvider="
            + "dev.copyoffload.OffloadFileSystemProvider"
      };
    }
  }
}
