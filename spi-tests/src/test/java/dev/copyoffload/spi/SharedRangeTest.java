package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.RangePolicy;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.ExtentMap;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
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

  @Parameter Route route;

  @Test
  void testRange_sharesAllButItsEdges() throws IOException {
    route.require();
    Volume volume = route.to();
    Assumptions.assumeTrue(CopyOffload.isAvailable());
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
        assertEquals(SIZE - 2 * BLOCK, ExtentMap.of(target).sharedBytes());
      }
    } finally {
      TreeDeletion.of(directory);
    }
  }

  private static CopyReport copy(Path source, Path target, long offset, long length) {
    SystemCalls calls = Objects.requireNonNull(Platform.load());
    try (Descriptor in = open(calls, source, Constants.O_RDONLY);
        Descriptor out = open(calls, target, Constants.O_RDWR)) {
      return new Engine(calls)
          .copyRange(
              in.number(),
              offset,
              out.number(),
              offset,
              length,
              RangePolicy.ALWAYS,
              Cancellation.NEVER);
    }
  }

  private static Descriptor open(SystemCalls calls, Path file, int flags) {
    byte[] path = (file + "\0").getBytes(StandardCharsets.UTF_8);
    return new Descriptor(calls, calls.open(path, flags | Constants.O_CLOEXEC, 0));
  }
}
