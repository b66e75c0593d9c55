package dev.copyoffload.spi;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.copyoffload.OffloadFileSystemProvider;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.TransferGate;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random copies, moves and range copies between files on every file system that is there, held to
 * arrays in memory.
 *
 * <p>{@code -Dcopyoffload.test.seed=N} repeats a run, {@code -Dcopyoffload.test.operations=N} makes
 * it longer.
 */
@ExtendWith(VolumesParameter.class)
final class SeededCopyTest {
  private static final int FILES_A_VOLUME = 3;
  private static final int[] EDGES = {1, 512, 4096, 65_536, 256 << 10, 1 << 20, 2 << 20};

  private final FileSystemProvider provider =
      new OffloadFileSystemProvider(Stock.fileSystem().provider());
  private final long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Held> files = new ArrayList<>();

  /** A file and what must be in it. */
  private static final class Held {
    final Path path;
    byte[] content = new byte[0];

    Held(Path path) {
      this.path = path;
    }
  }

  @Test
  void testRandomOperations(Volumes volumes) throws IOException {
    SystemCalls calls = requireNonNull(Platform.load());
    Engine engine = new Engine(calls);
    List<Path> directories = new ArrayList<>();
    try {
      for (Volume volume : volumes.all()) {
        if (volume.missing() == null) {
          Path directory = Files.createTempDirectory(volume.root(), "seeded");
          directories.add(directory);
          for (int i = 0; i < FILES_A_VOLUME; i++) {
            Held file = new Held(directory.resolve("f" + i));
            files.add(file);
            rewrite(file);
          }
        }
      }
      int operations = Integer.getInteger("copyoffload.test.operations", 8_000);
      System.out.println(
          "seeded copies: " + operations + " operations, -Dcopyoffload.test.seed=" + seed);
      for (int i = 0; i < operations; i++) {
        String operation = operate(calls, engine);
        for (Held file : List.of(changed, read)) {
          assertArrayEquals(
              file.content,
              Files.readAllBytes(file.path),
              () -> "seed " + seed + ": " + file.path + " after " + operation);
        }
      }
    } finally {
      for (Path directory : directories) {
        TreeDeletion.of(directory);
      }
    }
  }

  private Held changed = new Held(Stock.path("/none"));
  private Held read = changed;

  private String operate(SystemCalls calls, Engine engine) throws IOException {
    read = files.get(random.nextInt(files.size()));
    changed = files.get(random.nextInt(files.size()));
    int kind = random.nextInt(10);
    if (kind < 2) {
      read = changed;
      rewrite(changed);
      return "rewriting";
    }
    if (kind < 6) {
      Files.copy(wrapped(read), wrapped(changed), StandardCopyOption.REPLACE_EXISTING);
      changed.content = read.content.clone();
      return "copying " + read.path;
    }
    if (kind < 7 && read != changed) {
      Files.move(wrapped(read), wrapped(changed), StandardCopyOption.REPLACE_EXISTING);
      changed.content = read.content;
      rewrite(read);
      return "moving " + read.path;
    }
    return copyRange(calls, engine);
  }

  private Path wrapped(Held file) {
    return provider.getPath(file.path.toUri());
  }

  private String copyRange(SystemCalls calls, Engine engine) {
    long from = offset(read.content.length + 5000);
    // Half of them congruent, so that blocks can be shared.
    long to =
        random.nextBoolean()
            ? offset(changed.content.length + 5000)
            : from % 4096 + 4096L * random.nextInt(40);
    long length = random.nextInt(20) == 0 ? Long.MAX_VALUE : offset(read.content.length + 5000);
    String what = read.path + " [" + from + ", +" + length + ") to " + to;
    boolean held = random.nextBoolean();
    TransferGate gate =
        new TransferGate(false, 0, random.nextInt(4) == 0 ? offset(1 << 20) : 0, 0, 0);
    boolean declined;
    try (Descriptor in = open(calls, read, Constants.O_RDONLY);
        Descriptor out = open(calls, changed, Constants.O_RDWR)) {
      long somewhere = offset(1 << 20);
      calls.lseek(in.number(), somewhere, Constants.SEEK_SET);
      CopyReport report =
          engine.copyRange(
              in.number(),
              out.number(),
              new Range(from, to, length),
              held ? new Object() : null,
              gate,
              Cancellation.NEVER);
      declined = report.end() instanceof Outcome.Declined;
      if (!declined || there(read, from, length) >= gate.movedFrom()) {
        assertInstanceOf(
            Outcome.Completed.class, report.end(), () -> "seed " + seed + ": " + what + report);
      }
      assertEquals(
          somewhere,
          calls.lseek(in.number(), 0, Constants.SEEK_CUR),
          () -> "seed " + seed + ": the offset after " + what);
    }
    if (declined) {
      return "declining the range " + what;
    }
    int there = there(read, from, length);
    if (there > 0) {
      byte[] moved = Arrays.copyOfRange(read.content, (int) from, (int) from + there);
      byte[] result =
          Arrays.copyOf(
              changed.content, Math.max(changed.content.length, Math.toIntExact(to + there)));
      System.arraycopy(moved, 0, result, (int) to, there);
      changed.content = result;
    }
    return "copying the range " + what;
  }

  /** How many bytes of a range a file has. */
  private static int there(Held file, long from, long length) {
    return (int) Math.max(0, Math.min(length, file.content.length - from));
  }

  private static Descriptor open(SystemCalls calls, Held file, int flags) {
    byte[] path = (file.path + "\0").getBytes(StandardCharsets.UTF_8);
    int number = calls.open(path, flags | Constants.O_CLOEXEC, 0);
    if (number < 0) {
      throw new IllegalStateException("open " + file.path + ": errno " + -number);
    }
    return new Descriptor(calls, number);
  }

  /** Near an edge of something, below a limit. */
  private long offset(int limit) {
    int edge = EDGES[random.nextInt(EDGES.length)];
    long near = (long) edge * random.nextInt(4) + random.nextInt(5) - 2;
    return random.nextInt(3) == 0 ? random.nextInt(limit) : Math.max(0, Math.min(limit, near));
  }

  /** Another content, with holes, of a size that is small most of the time. */
  private void rewrite(Held file) throws IOException {
    int limit = random.nextInt(12) == 0 ? 2_500_000 : random.nextInt(4) == 0 ? 300_000 : 20_000;
    byte[] content = new byte[(int) offset(limit)];
    Files.deleteIfExists(file.path);
    try (RandomAccessFile out = new RandomAccessFile(file.path.toString(), "rw")) {
      out.setLength(content.length);
      int position = 0;
      while (position < content.length) {
        int length = (int) Math.min(content.length - position, 1 + offset(limit));
        if (random.nextBoolean()) {
          byte[] data = new byte[length];
          random.nextBytes(data);
          out.seek(position);
          out.write(data);
          System.arraycopy(data, 0, content, position, length);
        }
        position += length;
      }
    }
    file.content = content;
  }
}
