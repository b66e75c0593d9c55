package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "examples/benchmarks/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Times the calls of java.nio.file without us and with each way in, in JVMs that take turns,"
          + " and writes results.json, results.md and charts.",
      "As root without --dir: on file systems of its own, in temporary files."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done, whatever was found",
      "2:the arguments are wrong, or a file of results cannot be read",
      "3:a run failed"
    })
public final class Benchmarks implements Callable<Integer> {
  private static final int FAILED = 3;
  private static final int NEW_JVMS = 5;

  @ArgGroup(exclusive = true)
  private Scopes scopes = new Scopes();

  static final class Scopes {
    @Option(names = "--quick", description = "what matters most, in 15 minutes (default)")
    boolean quick;

    @Option(names = "--full", description = "everything, in 45 minutes")
    boolean full;
  }

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "another time for all of it; one round is run in any case")
  private @Nullable Integer minutes;

  @Option(
      names = "--new-jvms",
      paramLabel = "N",
      description = "JVMs for each figure of the rows 'new JVM' (default: 5)")
  private int newJvms = NEW_JVMS;

  @Option(
      names = "--jdk",
      paramLabel = "HOME",
      description =
          "a JDK to run on; may be repeated (default: the current one, and a 25 beside it)")
  private List<Path> jdkHomes = new ArrayList<>();

  @Option(
      names = "--dir",
      paramLabel = "FS=DIR",
      description =
          "a directory to run in, and what its file system is called; may be repeated, and the"
              + " first two get the most calls")
  private List<Place> places = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      description = "rows that match somewhere, such as 'Files.copy 4 KiB' or 'JVM start'")
  private Pattern only = Pattern.compile("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where results go (default: examples/benchmarks/target/results/DATE)")
  private @Nullable Path out;

  @Option(
      names = "--compare",
      arity = "1..2",
      paramLabel = "RESULTS.json",
      description =
          "tell what got faster or slower beyond the noise: from the first to the second, or to"
              + " a new run")
  private List<Path> compare = new ArrayList<>();

  @Option(names = "--missing", hidden = true, description = "print what the script must make")
  private boolean missing;

  @Option(names = "--root", hidden = true, required = true)
  private Path root = Path.of("");

  @Option(names = "--repository", hidden = true)
  private @Nullable Path repository;

  @Option(names = "--commit", hidden = true, defaultValue = "unknown")
  private String commit = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    System.exit(
        commandLine()
            .setExecutionExceptionHandler(
                (exception, command, parsed) -> {
                  exception.printStackTrace(command.getErr());
                  return FAILED;
                })
            .execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Benchmarks()).registerConverter(Place.class, Place::parse);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Instant begin = Instant.now();
    if (missing) {
      if (compare.size() < 2 && places.isEmpty()) {
        spec.commandLine().getOut().println("places");
      }
      return 0;
    }
    List<Results> old = new ArrayList<>();
    for (Path file : compare) {
      old.add(read(file));
    }
    Results newest = old.size() == 2 ? old.get(1) : run(begin);
    if (!old.isEmpty()) {
      print(Comparison.of(old.get(0), newest));
    }
    return 0;
  }

  private Results run(Instant begin) throws IOException, InterruptedException {
    PrintWriter console = spec.commandLine().getOut();
    Scope scope = scopes.full ? Scope.FULL : Scope.QUICK;
    Budget budget = new Budget(minutes == null ? scope.budget() : Duration.ofMinutes(minutes));
    List<Jdk> jdks = jdks();
    checkPlaces();
    if (newJvms < 1) {
      throw new ParameterException(spec.commandLine(), "--new-jvms must be 1 or more");
    }
    Path results = results(begin);
    Artifacts artifacts = new Artifacts(root);
    Figures figures = new Figures();
    new NewJvms(Start.all(jdks, NewJvms.VARIANTS), newJvms, artifacts)
        .run(Work.all(repository), scope.newJvmPlaces(places), only, console::println, figures);
    try (Inputs inputs = new Inputs()) {
      console.println("Making files ...");
      console.flush();
      List<Block> blocks = new Plan(scope, places, only, inputs, console::println).blocks();
      boolean withStartup =
          Startup.KEYS.stream().anyMatch(key -> only.matcher(key.toString()).find());
      if (blocks.isEmpty() && !withStartup && figures.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "no row matches " + only);
      }
      inputs.sync();
      Session session = new Session(jdks, blocks, withStartup, artifacts, budget, begin, figures);
      session.run();
      Results found =
          new Results(
              begin.truncatedTo(ChronoUnit.SECONDS).toString(),
              commit,
              commandLineWithoutHidden(),
              session.rounds(),
              Machine.here(jdks, places),
              figures.series());
      found.write(results.resolve("results.json"));
      report(found, results, console);
      return found;
    }
  }

  private void report(Results found, Path directory, PrintWriter console) throws IOException {
    Report report = new Report(found);
    Files.writeString(directory.resolve("results.md"), report.markdown());
    try {
      Charts charts = new Charts(found);
      charts.writeNewJvms(directory.resolve("new-jvm.svg"));
      charts.writeLarge(directory.resolve("large.svg"));
      charts.writeSmall(directory.resolve("small.svg"));
    } catch (LinkageError | InternalError e) {
      // A JDK without the libraries for fonts, or a machine without any font.
      console.println("no charts: " + e);
    }
    console.println(report.markdown());
    console.println("Written to " + directory);
    console.flush();
  }

  private void print(Comparison comparison) {
    PrintWriter console = spec.commandLine().getOut();
    if (!comparison.changes().isEmpty()) {
      console.println(Report.changes(comparison));
    }
    console.printf(
        "%d of %d ratios changed beyond the noise%n",
        comparison.changes().size(), comparison.compared());
    if (!comparison.onlyInOne().isEmpty()) {
      console.printf(
          "only in one of the two: %s%n",
          comparison.onlyInOne().stream().map(RowKey::toString).collect(Collectors.joining("; ")));
    }
    console.flush();
  }

  private Results read(Path file) {
    try {
      return Results.read(file);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), file + " cannot be read: " + e, e);
    }
  }

  private List<Jdk> jdks() throws IOException {
    if (jdkHomes.isEmpty()) {
      return Jdk.defaults();
    }
    List<Jdk> jdks = new ArrayList<>();
    for (Path home : jdkHomes) {
      try {
        jdks.add(Jdk.of(home));
      } catch (IOException e) {
        throw new ParameterException(spec.commandLine(), home + " is not a JDK: " + e, e);
      }
    }
    Set<String> labels = jdks.stream().map(Jdk::label).collect(Collectors.toSet());
    if (labels.size() < jdks.size()) {
      throw new ParameterException(spec.commandLine(), "two JDKs of one release");
    }
    return jdks;
  }

  private void checkPlaces() {
    if (places.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "no --dir");
    }
    for (Place place : places) {
      if (!Files.isDirectory(place.directory()) || !Files.isWritable(place.directory())) {
        throw new ParameterException(
            spec.commandLine(), place.directory() + " is not a directory that you may write to");
      }
    }
    if (places.stream().map(Place::name).distinct().count() < places.size()) {
      throw new ParameterException(spec.commandLine(), "two directories of one name");
    }
  }

  private Path results(Instant begin) throws IOException {
    Path directory =
        out != null
            ? out
            : root.resolve("examples/benchmarks/target/results")
                .resolve(begin.truncatedTo(ChronoUnit.SECONDS).toString().replace(":", ""));
    return Files.createDirectories(directory).toRealPath();
  }

  /** What can be repeated elsewhere. */
  private String commandLineWithoutHidden() {
    List<String> shown = new ArrayList<>(List.of(scopes.full ? "--full" : "--quick"));
    if (minutes != null) {
      shown.add("--minutes " + minutes);
    }
    if (newJvms != NEW_JVMS) {
      shown.add("--new-jvms " + newJvms);
    }
    if (!only.pattern().isEmpty()) {
      shown.add("--only '" + only + "'");
    }
    return String.join(" ", shown);
  }
}
