package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchmarksTest {
  private static final RowKey COPY = new RowKey("Files.copy", "64 MiB", "xfs", "xfs");
  private static final RowKey EXISTS = new RowKey("Files.exists", "4 KiB", "xfs", "");
  private static final Column STOCK = new Column("17", "stock");
  private static final Column AGENT = new Column("17", "agent");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;

  @Test
  void place_isNameAndDirectory() {
    assertEquals(new Place("xfs", Path.of("/data/a=b")), Place.parse("xfs=/data/a=b"));
  }

  @Test
  void placeWithoutNameOrDirectory_refused() {
    for (String argument : List.of("xfs", "=/data", "xfs=", "")) {
      assertThrows(IllegalArgumentException.class, () -> Place.parse(argument), argument);
    }
  }

  @Test
  void wrongArguments_areTold() {
    assertEquals(2, run("--dir", "xfs"));
    assertTrue(err.toString().contains("'xfs' is not FS=DIR"), err::toString);
    assertEquals(2, run("--quick", "--full"));
    assertEquals(2, run("--new-jvms", "0", "--dir", "xfs=" + directory));
    assertEquals(2, run("--dir", "xfs=" + directory.resolve("missing")));
    assertEquals(2, run("--jdk", directory.toString(), "--dir", "xfs=" + directory));
  }

  @Test
  void compareUnreadable_2() throws IOException {
    Path results = results("results.json", 100);
    Path broken = Files.writeString(directory.resolve("broken.json"), "{\"rows\": [");

    assertEquals(2, run("--compare", results.toString(), directory + "/missing.json"));
    assertEquals(2, run("--compare", broken.toString(), results.toString()));
    assertTrue(err.toString().contains("broken.json cannot be read"), err::toString);
  }

  @Test
  void compare_tellsWhatChanged() throws IOException {
    String old = results("old.json", 100).toString();
    String slower = results("slower.json", 200).toString();

    assertEquals(0, run("--compare", old, slower), err::toString);
    assertTrue(out.toString().contains("0.50 times as fast: slower"), out::toString);
    assertTrue(out.toString().contains("2 of 2 ratios changed"), out::toString);
  }

  @Test
  void compareWithItself_nothing() throws IOException {
    String results = results("results.json", 100).toString();

    assertEquals(0, run("--compare", results, results), err::toString);
    assertTrue(out.toString().startsWith("0 of 2 ratios changed"), out::toString);
  }

  @Test
  void results_surviveTheirFile() throws IOException {
    Path file = results("results.json", 100);

    assertEquals(results(100), Results.read(file));
  }

  @Test
  void report_isTableForMarkdown() {
    List<String> lines = new Report(results(50)).ratioTable(key -> true).lines().toList();

    assertEquals(
        List.of("call", "size", "on", "17 stock takes", "17 agent"),
        List.of(lines.get(0).strip().substring(1).split(" *\\| *", -1)).stream()
            .map(String::strip)
            .filter(cell -> !cell.isEmpty())
            .toList());
    assertTrue(lines.get(1).matches("\\|[-|]+\\|"), lines.get(1));
    assertTrue(lines.get(2).contains("| 2.00 (2.00–2.00) |"), lines.get(2));
    assertEquals(4, lines.size());
  }

  @Test
  void report_showsChartsOfWhatItHas() {
    Results one = results(50);
    RowKey first = new RowKey(Work.COPIES + "Files.copy", "50 × 4 MiB", "xfs", "xfs");
    List<Series> rows = new ArrayList<>();
    rows.add(Series.of(first, STOCK, List.of(100.0)));
    rows.add(Series.of(first, AGENT, List.of(50.0)));
    String warm = new Report(one).markdown();
    String started = new Report(with(one, rows)).markdown();
    rows.addAll(one.rows());
    String both = new Report(with(one, rows)).markdown();

    assertTrue(warm.startsWith("# Benchmarks\n\n![Large files, warm](large.svg)\n\n2026"), warm);
    assertTrue(warm.contains("that is warm, 2 rounds:\n"), warm);
    assertTrue(started.contains("\n\n![Copies of a new JVM](new-jvm.svg)\n\n2026"), started);
    assertTrue(started.contains("whole process, 1 round:\n"), started);
    assertTrue(both.contains("(new-jvm.svg)\n\n![Large files, warm](large.svg)\n\n2026"), both);
  }

  private static Results with(Results some, List<Series> rows) {
    return new Results(
        some.date(),
        some.commit(),
        some.command(),
        some.rounds(),
        some.machine(),
        List.copyOf(rows));
  }

  @Test
  void turns_takeEachPlaceOnceAndNeverSkipAny() {
    List<String> all = List.of("a", "b", "c");

    assertEquals(List.of("a", "b", "c"), Turns.of(all, 0));
    assertEquals(List.of("a", "c", "b"), Turns.of(all, 1));
    assertEquals(List.of("c", "a", "b"), Turns.of(all, 2));
  }

  private int run(String... arguments) {
    CommandLine commandLine =
        Benchmarks.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 2];
    all[0] = "--root";
    all[1] = directory.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return commandLine.execute(all);
  }

  private Path results(String name, double agentNanos) throws IOException {
    Path file = directory.resolve(name);
    results(agentNanos).write(file);
    return file;
  }

  private static Results results(double agentNanos) {
    List<Double> stock = List.of(100.0, 100.0);
    List<Double> agent = List.of(agentNanos, agentNanos);
    return new Results(
        "2026-11-22T00:00:00Z",
        "abc",
        "--quick",
        2,
        new Machine("Linux", "a processor", 2, 1024, Map.of("17", "17.0.9"), Map.of("xfs", "xfs")),
        List.of(
            Series.of(COPY, STOCK, stock),
            Series.of(COPY, AGENT, agent),
            Series.of(EXISTS, STOCK, stock),
            Series.of(EXISTS, AGENT, agent)));
  }
}
