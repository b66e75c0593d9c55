package dev.copyoffload.spi;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copyoffload.CopyOffload;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever copies a file through channels or streams shares its extents where that can be. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class SharedTransferTest {
  private static final int SIZE = 1 << 20;

  @Parameter Route route;

  @ParameterizedTest
  @EnumSource(names = "FILE_STREAM_TO_FILE_STREAM", mode = EnumSource.Mode.EXCLUDE)
  void testTransfer_shares(Way way) throws IOException {
    route.require();
    NativeCode.require();
    Path directory = Files.createTempDirectory(route.to().root(), "shared");
    try {
      byte[] content = new byte[SIZE];
      new Random(5).nextBytes(content);
      Path source = Files.write(directory.resolve("source"), content);
      Path target = directory.resolve("target");
      assertEquals(SIZE, way.copy(wrapped(source), wrapped(target)));
      assertArrayEquals(content, Files.readAllBytes(target));
      String volume = route.to().name();
      boolean ours = way == Way.LIBRARY_CALL || Runtime.version().feature() < 20;
      if (ours && (volume.equals("btrfs") || volume.equals("xfs"))) {
        assertEquals(SIZE, Extents.sharedBytes(target));
      }
    } finally {
      TreeDeletion.of(directory);
    }
  }

  /** A clone of a small file waits longer for xfs to write it out than a copy takes. */
  @Test
  void testCopy_sharesOnXfsWhatIsOnTheDisk() throws IOException {
    route.require();
    NativeCode.require();
    Path directory = Files.createTempDirectory(route.to().root(), "written");
    try {
      Path source = Files.write(directory.resolve("source"), new byte[16 << 10]);
      Path target = directory.resolve("target");
      CopyOffload.copy(source, target);
      String volume = route.to().name();
      if (volume.equals("xfs")) {
        assertEquals(0, Extents.sharedBytes(target));
      }
      try (FileChannel written = FileChannel.open(source, WRITE)) {
        written.force(true);
      }
      CopyOffload.copy(source, target, REPLACE_EXISTING);
      if (volume.equals("btrfs") || volume.equals("xfs")) {
        assertEquals(16 << 10, Extents.sharedBytes(target));
      }
    } finally {
      TreeDeletion.of(directory);
    }
  }

  private static Path wrapped(Path raw) {
    return WrappingTest.Wrapping.PROVIDER.getPath(raw.toUri());
  }
}
