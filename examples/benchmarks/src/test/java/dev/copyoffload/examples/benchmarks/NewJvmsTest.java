package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.examples.benchmarks.calls.FirstCopies;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewJvmsTest {
  private static final int ROUNDS = 2;

  private final Figures figures = new Figures();
  private final List<String> leftOut = new ArrayList<>();

  @TempDir private Path root;
  private Place place = new Place("", Path.of(""));

  @BeforeEach
  void makePlaceAndJars() throws IOException {
    place = new Place("here", Files.createDirectory(root.resolve("here")));
    Path target = root.resolve("examples/benchmarks/target");
    Files.createDirectories(target.resolve("lib"));
    for (String jar : List.of("jmh-core", "jopt-simple", "commons-math3")) {
      Files.createFile(target.resolve("lib").resolve(jar + ".jar"));
    }
    String program = FirstCopies.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(target.resolve("benchmarks.jar"));
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry(program));
      jar.write(FirstCopies.class.getClassLoader().getResourceAsStream(program).readAllBytes());
    }
  }

  @Test
  void everyCall_isTimedInEachRound_andLeavesNothing() throws Exception {
    List<Work> works =
        List.of(
            Work.of(FirstCopies.COPY, 3, 4 << 10),
            Work.of(FirstCopies.FILES_STREAM, 3, 4 << 10),
            Work.of(FirstCopies.FILE_STREAM, 3, 4 << 10));

    run(works, "");

    List<Series> series = figures.series();
    assertEquals(
        works.stream().flatMap(w -> Stream.of(w.copies(place), w.process(place))).toList(),
        series.stream().map(Series::key).toList());
    for (int i = 0; i < series.size(); i += 2) {
      for (int round = 0; round < ROUNDS; round++) {
        assertTrue(series.get(i).nanos().get(round) < series.get(i + 1).nanos().get(round));
      }
    }
    try (Stream<Path> files = Files.list(place.directory())) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void copies_areThoseOfTheSources() throws IOException {
    try (Inputs inputs = new Inputs()) {
      Path sources = inputs.files(place, 2, 5);
      for (String call :
          List.of(FirstCopies.COPY, FirstCopies.FILES_STREAM, FirstCopies.FILE_STREAM)) {
        Path targets = Files.createDirectory(root.resolve(call));
        FirstCopies.main(new String[] {call, sources.toString(), targets.toString()});
        for (String name : List.of("file-0", "file-1")) {
          assertEquals(5, Files.size(targets.resolve(name)));
          assertEquals(-1, Files.mismatch(sources.resolve(name), targets.resolve(name)));
        }
      }
    }
  }

  @Test
  void copyThatFails_isNotTimed() {
    Work twice = new Work("no such call", "", 0, (inputs, here) -> inputs.files(here, 1, 1));

    assertThrows(IOException.class, () -> run(List.of(twice), ""));
    assertTrue(figures.isEmpty());
  }

  @Test
  void only_andWhatThereIsNoRoomFor_areLeftOut() throws Exception {
    Work huge = new Work(FirstCopies.COPY, "huge", Long.MAX_VALUE / 4, (inputs, here) -> root);

    run(List.of(huge, Work.of(FirstCopies.COPY, 1, 4 << 10)), "huge");

    assertTrue(figures.isEmpty());
    assertEquals(1, leftOut.size());
    assertTrue(
        leftOut.get(0).startsWith("left out: new JVM: Files.copy huge here"), leftOut::toString);
  }

  @Test
  void jars_areTakenOfARepositoryThatIsThere() throws IOException {
    int others = Work.all(null).size();
    Path repository = Files.createDirectory(root.resolve("repository"));
    assertEquals(others, Work.all(repository).size());
    assertEquals(others, Work.all(repository.resolve("missing")).size());

    Path jar = Files.createDirectory(repository.resolve("group")).resolve("artifact.jar");
    Files.writeString(jar, "content");
    Files.writeString(jar.resolveSibling("artifact.pom"), "other");

    Work work = Work.all(repository).get(others);
    assertEquals("content".length(), work.bytes());
    try (Inputs inputs = new Inputs();
        Stream<Path> files = Files.list(work.maker().files(inputs, place))) {
      assertEquals(List.of("content"), files.map(NewJvmsTest::read).toList());
    }
  }

  @Test
  void newJvms_areTheFirstTable() {
    RowKey warm = new RowKey("Files.copy", "4 KiB", "here", "here");
    RowKey cold = Work.of(FirstCopies.COPY, 1, 4 << 10).copies(place);
    List<Series> rows = new ArrayList<>();
    for (RowKey key : List.of(warm, Startup.WALL, cold)) {
      for (Variant variant : List.of(Variant.STOCK, Variant.LEAN)) {
        rows.add(Series.of(key, new Column("17", variant.label()), List.of(1e6)));
      }
    }
    Machine machine = new Machine("", "", 1, 1, Map.of("17", "17"), Map.of());

    String text = new Report(new Results("", "", "", 1, machine, rows)).markdown();

    int first = text.indexOf("| new JVM: Files.copy | 1 × 4 KiB | here | ");
    int second = text.indexOf("| Files.copy | 4 KiB | here | ");
    int third = text.indexOf("| 17  | lean");
    assertTrue(0 < first && first < second && second < third, text);
  }

  private void run(List<Work> works, String only) throws IOException, InterruptedException {
    List<Jdk> here = List.of(Jdk.of(Path.of(System.getProperty("java.home"))));
    new NewJvms(Start.all(here, List.of(Variant.STOCK)), ROUNDS, new Artifacts(root))
        .run(works, List.of(place), Pattern.compile(only), leftOut::add, figures);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
