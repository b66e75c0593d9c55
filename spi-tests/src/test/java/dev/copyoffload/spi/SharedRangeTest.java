package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Ranges that begin and end inside blocks. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class SharedRangeTest {
  private static final int SIZE = 8 << 20;
  private static final int BLOCK = 4096;
  private static final int PIECES = 6;
  private static final int PIECE = 50_000;
  private static final int ROUNDS = 20;

  /** Declines nothing. */
  private static final TransferGate OPEN = new TransferGate(false, 0, 0, 0, 0);

  /**
   * What xfs reserves behind a file's end, and writes as zeros if the next piece is behind that.
   */
  private static final long RESERVED_BY_XFS = 64 << 10;

  @Parameter Route route;

  @Test
  void testRange_sharesAllButItsEdges() throws IOException {
    route.require();
    Volume volume = route.to();
    NativeCode.require();
    Path directory = Files.createTempDirectory(volume.root(), "range");
    try {
      Path source = directory.resolve("source");
      byte[] content = new byte[SIZE];
      new Random(7).nextBytes(content);
      Files.write(source, content);
      Path target = directory.resolve("target");
      Files.write(target, new byte[SIZE + BLOCK]);
      for (Path file : new Path[] {source, target}) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }

      CopyReport report = copy(source, target, 100, SIZE - 200);

      assertTrue(report.end() instanceof Outcome.Completed, report.toString());
      assertEquals(SIZE - 200, report.bytes(), report.toString());
      byte[] expected = new byte[SIZE + BLOCK];
      System.arraycopy(content, 100, expected, 100, SIZE - 200);
      assertArrayEquals(expected, Files.readAllBytes(target));
      if (volume.name().equals("btrfs") || volume.name().equals("xfs")) {
        assertEquals(SIZE - 2 * BLOCK, report.bytesShared(), report.toString());
        assertEquals(SIZE - 2 * BLOCK, Extents.sharedBytes(target));
      }
    } finally {
      TreeDeletion.of(directory);
    }
  }

  /** Whether the file system shares or not. */
  @Test
  void testRange_keepsHoles() throws IOException {
    route.require();
    NativeCode.require();
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    Random random = new Random(seed);
    Path from = Files.createTempDirectory(route.from().root(), "range");
    Path to = Files.createTempDirectory(route.to().root(), "range");
    try {
      for (int round = 0; round < ROUNDS; round++) {
        Path source = from.resolve("source" + round);
        Path target = to.resolve("target" + round);
        String what = "seed " + seed + ", round " + round + ": ";
        byte[] before = random.nextBoolean() ? new byte[0] : random(random, random.nextInt(SIZE));
        Files.write(target, before);
        byte[] content = sparse(random, source);
        long sourceOffset = random.nextInt(SIZE / 2);
        boolean congruent = random.nextBoolean();
        long targetOffset =
            congruent
                ? sourceOffset % BLOCK + (long) BLOCK * random.nextInt(9)
                : random.nextInt(SIZE);
        int length = (128 << 10) + random.nextInt(SIZE / 2 - (128 << 10));

        CopyReport report = copyHeld(source, sourceOffset, target, targetOffset, length);

        assertTrue(report.end() instanceof Outcome.Completed, what + report);
        assertEquals(length, report.bytes(), what + report);
        byte[] expected =
            Arrays.copyOf(before, (int) Math.max(before.length, targetOffset + length));
        System.arraycopy(content, (int) sourceOffset, expected, (int) targetOffset, length);
        assertArrayEquals(expected, Files.readAllBytes(target), what + report);
        if (route.from().name().equals("fuse") || route.from().name().equals("overlay")) {
          // What a FUSE driver says of holes may be older than what a reader sees, and nobody says
          // what an overlay lies on: neither map is believed.
          continue;
        }
        if (before.length == 0) {
          // Each piece of data can lie across one block more at both ends.
          long most = PIECES * (PIECE + 2L * BLOCK) + 2L * BLOCK;
          if (route.to().name().equals("xfs")) {
            most += PIECES * RESERVED_BY_XFS;
          }
          assertTrue(blocks(target) <= most / 512, what + blocks(target) + " blocks, " + report);
        } else if (targetOffset + length <= before.length) {
          long holes = report.bytesInHoles() - 2L * BLOCK * (PIECES + 1);
          assertTrue(
              blocks(target) <= (before.length + BLOCK - holes) / 512 + 2L * BLOCK / 512,
              what + blocks(target) + " blocks, " + report);
        }
      }
    } finally {
      TreeDeletion.of(from);
      TreeDeletion.of(to);
    }
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A file of a few pieces of data and many holes; and what is in it. */
  private static byte[] sparse(Random random, Path file) throws IOException {
    byte[] content = new byte[SIZE];
    try (RandomAccessFile out = new RandomAccessFile(file.toString(), "rw")) {
      out.setLength(SIZE);
      for (int i = 0; i < PIECES; i++) {
        int at = random.nextInt(SIZE - PIECE);
        byte[] piece = random(random, 1 + random.nextInt(PIECE));
        System.arraycopy(piece, 0, content, at, piece.length);
        out.seek(at);
        out.write(piece);
      }
    }
    return content;
  }

  private static long blocks(Path file) {
    SystemCalls calls = Objects.requireNonNull(Platform.load());
    byte[] path = (file + "\0").getBytes(StandardCharsets.UTF_8);
    long[] status = new long[FileStatus.LONGS];
    assertEquals(0, calls.statx(path, true, status));
    return FileStatus.of(status).blocks();
  }

  private static CopyReport copyHeld(
      Path source, long sourceOffset, Path target, long targetOffset, long length) {
    SystemCalls calls = Objects.requireNonNull(Platform.load());
    try (Descriptor in = open(calls, source, Constants.O_RDONLY);
        Descriptor out = open(calls, target, Constants.O_RDWR)) {
      calls.lseek(in.number(), 77, Constants.SEEK_SET);
      CopyReport report =
          new Engine(calls)
              .copyRange(
                  in.number(),
                  out.number(),
                  new Range(sourceOffset, targetOffset, length),
                  new Object(),
                  OPEN,
                  Cancellation.NEVER);
      assertEquals(77, calls.lseek(in.number(), 0, Constants.SEEK_CUR));
      return report;
    }
  }

  private static CopyReport copy(Path source, Path target, long offset, long length) {
    SystemCalls calls = Objects.requireNonNull(Platform.load());
    try (Descriptor in = open(calls, source, Constants.O_RDONLY);
        Descriptor out = open(calls, target, Constants.O_RDWR)) {
      return new Engine(calls)
          .copyRange(
              in.number(),
              out.number(),
              new Range(offset, offset, length),
              null,
              OPEN,
              Cancellation.NEVER);
    }
  }

  private static Descriptor open(SystemCalls calls, Path file, int flags) {
    byte[] path = (file + "\0").getBytes(StandardCharsets.UTF_8);
    return new Descriptor(calls, calls.open(path, flags | Constants.O_CLOEXEC, 0));
  }
}
