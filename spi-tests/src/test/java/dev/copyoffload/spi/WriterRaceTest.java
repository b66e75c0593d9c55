package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Copies of a file that somebody writes, appends to, maps and punches meanwhile: no byte of a copy
 * is older than the beginning of that copy.
 *
 * <p>{@code -Dcopyoffload.test.copies=N} makes it longer, {@code -Dcopyoffload.test.seed=N} repeats
 * what the writer does, though not when.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachNeighbour.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class WriterRaceTest {
  private static final List<Way> WAYS = List.of(Way.values());
  private static final int COPIES = Integer.getInteger("copyoffload.test.copies", 32);
  private static final int COPIES_A_FILE = 2 * WAYS.size();
  private static final int BLOCK = 4096;
  private static final int BLOCKS_AT_FIRST = 256;
  private static final int MOST_BLOCKS = 768;
  private static final int LONGEST = 24;

  @Parameter Route route;

  @Test
  void testCopies_areNotOlderThanTheirBeginning() throws Exception {
    route.require();
    NativeCode.isThere();
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    System.out.printf(
        "copies of a file that is written, %s: %d, -Dcopyoffload.test.seed=%d%n",
        route, COPIES, seed);
    Path from = Files.createTempDirectory(route.from().root(), "race");
    Path to = Files.createTempDirectory(route.to().root(), "race");
    try {
      for (int done = 0; done < COPIES; done += COPIES_A_FILE) {
        Path source = from.resolve("source" + done);
        try (Writer writer = new Writer(source, new Random(seed + done))) {
          for (int i = 0; i < COPIES_A_FILE; i++) {
            Way way = WAYS.get(i % WAYS.size());
            Path target = to.resolve("target");
            long[] least = writer.stamps();
            long bytes = way.copy(ours(source), ours(target));
            check(way + " of copy " + (done + i), target, bytes, least, writer);
            Files.delete(target);
          }
        }
        Files.delete(source);
      }
    } finally {
      TreeDeletion.of(from);
      TreeDeletion.of(to);
    }
  }

  /** The default provider where that is ours or asks us, else one that wraps it. */
  private static Path ours(Path raw) {
    return FileSystems.getDefault().equals(Stock.fileSystem()) && !Stock.isAskingUs()
        ? WrappingTest.Wrapping.PROVIDER.getPath(raw.toUri())
        : Path.of(raw.toUri());
  }

  private static void check(String what, Path target, long bytes, long[] least, Writer writer)
      throws IOException {
    LongBuffer copy = ByteBuffer.wrap(Files.readAllBytes(target)).asLongBuffer();
    assertTrue(bytes <= (long) copy.capacity() * Long.BYTES, what);
    for (int block = 0; block < MOST_BLOCKS; block++) {
      if (least[block] == 0) {
        continue;
      }
      for (int i = block * (BLOCK / Long.BYTES); i < (block + 1) * (BLOCK / Long.BYTES); i++) {
        if (i >= copy.capacity()) {
          throw new AssertionError(what + " ends before block " + block);
        }
        long found = copy.get(i);
        boolean right =
            found == 0
                ? writer.punched.get(block) >= least[block]
                : found % MOST_BLOCKS == block && found / MOST_BLOCKS >= least[block];
        if (!right) {
          throw new AssertionError(
              what
                  + (": block " + block + " has " + found / MOST_BLOCKS)
                  + (" of block " + found % MOST_BLOCKS)
                  + (" where " + least[block] + " was written before the copy began")
                  + (", punched at " + writer.punched.get(block)));
        }
      }
    }
  }

  /** Fills blocks with what they are and a number that grows with each change. */
  private static final class Writer implements AutoCloseable {
    /** The last change that was complete, for each block. */
    private final AtomicLongArray stamped = new AtomicLongArray(MOST_BLOCKS);

    /** The last change to zeros that was begun. */
    final AtomicLongArray punched = new AtomicLongArray(MOST_BLOCKS);

    private final RawFile file;
    private final Random random;
    private final FarEnd<String> work;
    private volatile boolean over;
    private int blocks = BLOCKS_AT_FIRST;
    private long change;

    Writer(Path path, Random random) {
      this.random = random;
      file = new RawFile(path, (long) BLOCKS_AT_FIRST * BLOCK);
      file.truncate((long) BLOCKS_AT_FIRST * BLOCK);
      work = FarEnd.doing(this::write);
    }

    long[] stamps() {
      long[] stamps = new long[MOST_BLOCKS];
      for (int block = 0; block < MOST_BLOCKS; block++) {
        stamps[block] = stamped.get(block);
      }
      return stamps;
    }

    private String write() {
      while (!over) {
        change++;
        int count = 1 + random.nextInt(LONGEST);
        switch (random.nextInt(4)) {
          case 0 -> {
            int first = blocks;
            count = Math.min(count, MOST_BLOCKS - first);
            blocks += count;
            file.write((long) first * BLOCK, stamps(first, count));
            done(first, count);
          }
          case 1 -> {
            int first = random.nextInt(blocks - count);
            file.write((long) first * BLOCK, stamps(first, count));
            done(first, count);
          }
          case 2 -> {
            int first = random.nextInt(BLOCKS_AT_FIRST - count);
            file.put((long) first * BLOCK, stamps(first, count));
            done(first, count);
          }
          default -> {
            int first = random.nextInt(blocks - count);
            for (int i = 0; i < count; i++) {
              punched.set(first + i, change);
            }
            file.punch((long) first * BLOCK, (long) count * BLOCK);
            done(first, count);
          }
        }
      }
      return change + " changes";
    }

    private byte[] stamps(int first, int count) {
      ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < BLOCK; j += Long.BYTES) {
          bytes.putLong(change * MOST_BLOCKS + first + i);
        }
      }
      return bytes.array();
    }

    private void done(int first, int count) {
      for (int i = 0; i < count; i++) {
        stamped.set(first + i, change);
      }
    }

    @Override
    public void close() throws IOException {
      over = true;
      work.result();
      file.close();
    }
  }
}
