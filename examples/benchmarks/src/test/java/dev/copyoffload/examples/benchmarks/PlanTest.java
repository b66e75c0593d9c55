package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTest {
  private final List<String> leftOut = new ArrayList<>();

  @TempDir private Path directory;

  @Test
  void only_leavesTheRestOut_andMakesNoFilesForIt() throws IOException {
    try (Inputs inputs = new Inputs()) {
      List<Block> blocks = plan("^Files.copy 4 KiB", inputs, place("one"), place("two"));

      assertEquals(
          List.of("Files.copy 4 KiB one", "Files.copy 4 KiB two", "Files.copy 4 KiB two → one"),
          keys(blocks));
      try (Stream<Path> files = Files.walk(directory)) {
        assertEquals(2, files.filter(Files::isRegularFile).count());
      }
    }
  }

  @Test
  void close_removesWhatWasMade() throws IOException {
    try (Inputs inputs = new Inputs()) {
      plan("Files.copy (4|64) KiB|copyTree", inputs, place("one"));
    }

    try (Stream<Path> files = Files.list(directory.resolve("one"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void onePlace_crossesNothing() throws IOException {
    try (Inputs inputs = new Inputs()) {
      List<String> keys = keys(plan("^File.* 4 KiB", inputs, place("one")));

      assertTrue(keys.contains("Files.exists 4 KiB one"), keys::toString);
      assertEquals(List.of(), keys.stream().filter(key -> key.contains("→")).toList());
    }
  }

  @Test
  void references_areMeasuredForCopiesOnly() throws IOException {
    try (Inputs inputs = new Inputs()) {
      for (Block block : plan("^File.* 4 KiB", inputs, place("one"))) {
        assertEquals(
            block.measurements().stream().filter(m -> m.call() == Call.COPY).toList(),
            block.measurements(Variant.FLOOR));
        // A process takes longer than to copy so little.
        assertEquals(List.of(), block.measurements(Variant.CP));
      }
    }
  }

  private List<Block> plan(String only, Inputs inputs, Place... places) throws IOException {
    List<Block> blocks =
        new Plan(Scope.QUICK, List.of(places), Pattern.compile(only), inputs, leftOut::add)
            .blocks();
    assertEquals(List.of(), leftOut);
    return blocks;
  }

  private Place place(String name) throws IOException {
    return new Place(name, Files.createDirectories(directory.resolve(name)));
  }

  private static List<String> keys(List<Block> blocks) {
    return blocks.stream()
        .flatMap(block -> block.measurements().stream())
        .map(measurement -> measurement.key().toString())
        .toList();
  }
}
