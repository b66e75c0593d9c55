package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.linux.ExtentMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
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

  /** A way to copy a file to one that is not there yet. */
  private enum Way {
    TRANSFER_TO {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, READ);
            FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
          assertEquals(SIZE, in.transferTo(0, Long.MAX_VALUE, out));
        }
      }
    },
    TRANSFER_FROM {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, READ);
            FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
          assertEquals(SIZE, out.transferFrom(in, 0, Long.MAX_VALUE));
        }
      }
    },
    COPY_FROM_STREAM {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from)) {
          assertEquals(SIZE, Files.copy(in, to));
        }
      }
    },
    COPY_TO_STREAM {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
          assertEquals(SIZE, Files.copy(from, out));
        }
      }
    },
    STREAM_TO_STREAM {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from);
            OutputStream out = Files.newOutputStream(to)) {
          assertEquals(SIZE, in.transferTo(out));
        }
      }
    },
    LIBRARY_CALL {
      @Override
      void copy(Path from, Path to) throws IOException {
        try (FileChannel in = FileChannel.open(from, READ);
            FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
          assertEquals(SIZE, CopyOffload.transfer(in, 0, SIZE, out, 0));
        }
      }
    };

    abstract void copy(Path from, Path to) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_shares(Way way) throws IOException {
    route.require();
    NativeCode.require();
    Path directory = Files.createTempDirectory(route.to().root(), "shared");
    try {
      byte[] content = new byte[SIZE];
      new Random(5).nextBytes(content);
      Path source = Files.write(directory.resolve("source"), content);
      Path target = directory.resolve("target");
      way.copy(wrapped(source), wrapped(target));
      assertArrayEquals(content, Files.readAllBytes(target));
      String volume = route.to().name();
      boolean ours = way == Way.LIBRARY_CALL || Runtime.version().feature() < 20;
      if (ours && (volume.equals("btrfs") || volume.equals("xfs"))) {
        assertEquals(SIZE, ExtentMap.of(target).sharedBytes());
      }
    } finally {
      TreeDeletion.of(directory);
    }
  }

  private static Path wrapped(Path raw) {
    return WrappingTest.Wrapping.PROVIDER.getPath(raw.toUri());
  }
}
