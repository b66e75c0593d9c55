package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.copyoffload.CopyOffload;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link CopyOffload#transfer} between channels of every class, held to arrays in memory. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class TransferTest {
  private static final int SIZE = 700_001;
  private static final int TARGET_SIZE = 300_000;
  private static final int[] COUNTS = {0, 1, 65_535, 65_536, 65_537, 300_000, SIZE};
  private static final long[] SOURCES = {0, 1, 4096, SIZE - 70_000, SIZE, SIZE + 9};
  private static final long[] TARGETS = {0, 4096, 5001, TARGET_SIZE, TARGET_SIZE + 70_000};

  @Parameter Route route;

  private Path directory;
  private Path source;
  private Path target;
  private byte[] sourceBytes;
  private byte[] targetBytes;

  /** How a file is opened. */
  private enum Opened {
    STOCK {
      @Override
      FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, READ, WRITE);
      }
    },
    OURS {
      @Override
      FileChannel open(Path file) throws IOException {
        return FileChannel.open(WrappingTest.Wrapping.PROVIDER.getPath(file.toUri()), READ, WRITE);
      }
    },
    RANDOM_ACCESS {
      @Override
      @SuppressWarnings("resource") // closed with its channel
      FileChannel open(Path file) throws IOException {
        return new RandomAccessFile(file.toFile(), "rw").getChannel();
      }
    },
    FOREIGN {
      @Override
      FileChannel open(Path file) throws IOException {
        return new ForeignChannel(FileChannel.open(file, READ, WRITE));
      }
    };

    abstract FileChannel open(Path file) throws IOException;
  }

  @BeforeEach
  void layOut() throws IOException {
    route.require();
    NativeCode.isThere();
    directory = Files.createTempDirectory(route.to().root(), "transfer");
    source = directory.resolve("source");
    target = directory.resolve("target");
    sourceBytes = new byte[SIZE];
    targetBytes = new byte[TARGET_SIZE];
    Random random = new Random(11);
    random.nextBytes(sourceBytes);
    random.nextBytes(targetBytes);
    Files.write(source, sourceBytes);
    Files.write(target, targetBytes);
  }

  @AfterEach
  void remove() throws IOException {
    // Also called where the volume is not there.
    if (directory != null) {
      TreeDeletion.of(directory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_from(Opened opened) throws IOException {
    int turn = 0;
    for (Opened other : Opened.values()) {
      for (long from : SOURCES) {
        for (long to : TARGETS) {
          // Each count with some of the offsets.
          int count = COUNTS[turn++ % COUNTS.length];
          Files.write(target, targetBytes);
          try (FileChannel in = opened.open(source);
              FileChannel out = other.open(target)) {
            in.position(17);
            out.position(23);
            String what = opened + " to " + other + ", " + from + " to " + to + ", " + count;
            long expected = Math.max(0, Math.min(count, SIZE - from));
            assertEquals(expected, CopyOffload.transfer(in, from, out, to, count), what);
            assertEquals(17, in.position(), what);
            assertEquals(23, out.position(), what);
            assertArrayEquals(expected(from, (int) expected, to), Files.readAllBytes(target), what);
          }
        }
      }
    }
  }

  private byte[] expected(long from, int count, long to) {
    if (count == 0) {
      return targetBytes;
    }
    byte[] expected =
        Arrays.copyOf(targetBytes, Math.toIntExact(Math.max(TARGET_SIZE, to + count)));
    System.arraycopy(sourceBytes, (int) from, expected, (int) to, count);
    return expected;
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_ofAllThereIs(Opened opened) throws IOException {
    try (FileChannel in = opened.open(source);
        FileChannel out = opened.open(target)) {
      assertEquals(SIZE - 5, CopyOffload.transfer(in, 5, out, 1, Long.MAX_VALUE));
      assertArrayEquals(expected(5, SIZE - 5, 1), Files.readAllBytes(target));
      assertEquals(0, CopyOffload.transfer(in, SIZE, out, 0, Long.MAX_VALUE));
      for (long beyond : new long[] {1L << 60, Long.MAX_VALUE - 10, Long.MAX_VALUE}) {
        assertEquals(0, CopyOffload.transfer(in, beyond, out, 0, 1 << 20));
        assertEquals(0, CopyOffload.transfer(in, beyond, out, 0, Long.MAX_VALUE));
        assertEquals(0, CopyOffload.transfer(in, beyond, out, 0, 1));
      }
      assertArrayEquals(expected(5, SIZE - 5, 1), Files.readAllBytes(target));
    }
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_withinOneFile(Opened opened) throws IOException {
    try (FileChannel both = opened.open(source);
        FileChannel other = opened.open(source)) {
      assertEquals(200_000, CopyOffload.transfer(both, 0, both, 400_000, 200_000));
      System.arraycopy(sourceBytes, 0, sourceBytes, 400_000, 200_000);
      assertArrayEquals(sourceBytes, Files.readAllBytes(source));
      assertEquals(300_000, CopyOffload.transfer(both, 350_000, other, 8192, 300_000));
      System.arraycopy(sourceBytes, 350_000, sourceBytes, 8192, 300_000);
      assertArrayEquals(sourceBytes, Files.readAllBytes(source));
    }
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_ofClosed(Opened opened) throws IOException {
    FileChannel in = opened.open(source);
    FileChannel out = opened.open(target);
    in.close();
    assertThrows(ClosedChannelException.class, () -> CopyOffload.transfer(in, 0, out, 0, 100_000));
    assertThrows(ClosedChannelException.class, () -> CopyOffload.transfer(in, 0, out, 0, 0));
    assertTrue(out.isOpen());
    out.close();
    try (FileChannel open = opened.open(source)) {
      assertThrows(
          ClosedChannelException.class, () -> CopyOffload.transfer(open, 0, out, 0, 100_000));
      assertTrue(open.isOpen());
    }
    assertArrayEquals(targetBytes, Files.readAllBytes(target));
  }

  @Test
  void testTransfer_ofWrongEnds() throws IOException {
    for (int count : new int[] {5, 100_000}) {
      try (FileChannel reading = FileChannel.open(source, READ);
          FileChannel writing = FileChannel.open(target, WRITE)) {
        assertThrows(
            NonWritableChannelException.class,
            () -> CopyOffload.transfer(reading, 0, reading, 0, count));
        assertThrows(
            NonReadableChannelException.class,
            () -> CopyOffload.transfer(writing, 0, writing, 0, count));
        assertThrows(
            IllegalArgumentException.class,
            () -> CopyOffload.transfer(reading, -1, writing, 0, count));
        assertThrows(
            IllegalArgumentException.class, () -> CopyOffload.transfer(reading, 0, writing, 0, -1));
        assertThrows(
            IllegalArgumentException.class,
            () -> CopyOffload.transfer(reading, 0, writing, -1, count));
      }
    }
    assertArrayEquals(targetBytes, Files.readAllBytes(target));
  }

  @Test
  void testTransfer_appends() throws IOException {
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, APPEND)) {
      assertEquals(100_000, CopyOffload.transfer(in, 7, out, 0, 100_000));
    }
    assertArrayEquals(expected(7, 100_000, TARGET_SIZE), Files.readAllBytes(target));
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_ofInterrupted(Opened opened) throws IOException {
    try (FileChannel in = opened.open(source);
        FileChannel out = opened.open(target)) {
      Thread.currentThread().interrupt();
      assertThrows(
          ClosedByInterruptException.class, () -> CopyOffload.transfer(in, 0, out, 0, 100_000));
      assertTrue(Thread.interrupted());
      // The foreign class does not learn that what it stands on was closed.
      assertEquals(opened == Opened.FOREIGN, in.isOpen() && out.isOpen());
    }
    assertArrayEquals(targetBytes, Files.readAllBytes(target));
  }

  @Test
  void testTransfer_withStreams() throws IOException {
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile())) {
      in.skipNBytes(100);
      out.write(targetBytes, 0, 100);
      assertEquals(SIZE, CopyOffload.transfer(in.getChannel(), 0, out.getChannel(), 200_000, SIZE));
      assertEquals(sourceBytes[100], (byte) in.read());
      out.write(targetBytes, 100, 100_000);
    }
    byte[] expected = new byte[200_000 + SIZE];
    System.arraycopy(targetBytes, 0, expected, 0, 100_100);
    System.arraycopy(sourceBytes, 0, expected, 200_000, SIZE);
    assertArrayEquals(expected, Files.readAllBytes(target));
  }

  @ParameterizedTest
  @EnumSource
  void testTransfer_throughMemory(Opened opened) throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
        FileChannel there = FileChannel.open(memory.getPath("/there"), READ, WRITE, CREATE);
        FileChannel in = opened.open(source);
        FileChannel out = opened.open(target)) {
      assertEquals(SIZE, CopyOffload.transfer(in, 0, there, 10, Long.MAX_VALUE));
      assertEquals(SIZE - 5, CopyOffload.transfer(there, 15, out, 0, SIZE));
      assertArrayEquals(expected(5, SIZE - 5, 0), Files.readAllBytes(target));
    }
  }

  @Test
  void testTransfer_ofProcfs() throws IOException {
    try (FileChannel in = FileChannel.open(Stock.path("/proc/filesystems"), READ);
        FileChannel out = FileChannel.open(target, READ, WRITE)) {
      ByteBuffer all = ByteBuffer.allocate(100_000);
      while (in.read(all, all.position()) > 0) {
        // Until the end: procfs does not tell how much there is.
      }
      assertTrue(all.position() > 0);
      assertEquals(all.position(), CopyOffload.transfer(in, 0, out, 0, Long.MAX_VALUE));
      byte[] start = Arrays.copyOf(Files.readAllBytes(target), all.position());
      assertArrayEquals(Arrays.copyOf(all.array(), all.position()), start);
    }
  }
}
