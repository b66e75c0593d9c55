package dev.copyoffload.spi;

import org.junit.jupiter.api.Nested;

/** The provider in programs that know nothing of it, installed by the JDK's property. */
final class PropertyTest {
  @Nested
  final class UnmodifiedProgram extends UnmodifiedProgramContract implements StockTest.Itself {
    @Override
    String[] flags() {
      String property =
          "-Djava.nio.file.spi.DefaultFileSystemProvider="
              + "dev.copyoffload.OffloadFileSystemProvider";
      // Later JDKs say on standard error that native code is loaded, unless that is allowed.
      return Runtime.version().feature() < 24
          ? new String[] {property}
          : new String[] {property, "--enable-native-access=ALL-UNNAMED"};
    }
  }

  @Nested
  final class UnmodifiedProgramTransparently extends UnmodifiedProgramContract
      implements StockTest.Itself {
    @Override
    String[] flags() {
      String property =
          "-Djava.nio.file.spi.DefaultFileSystemProvider="
              + "dev.copyoffload.OffloadFileSystemProvider";
      String open = "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED";
      return Runtime.version().feature() < 24
          ? new String[] {property, open}
          : new String[] {property, open, "--enable-native-access=ALL-UNNAMED"};
    }
  }
}
