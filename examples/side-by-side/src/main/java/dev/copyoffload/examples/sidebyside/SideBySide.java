package dev.copyoffload.examples.sidebyside;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times plain-copy without and with the provider, checks every copy and prints a table. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Times plain-copy without and with the provider and compares what it copied.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every copy is identical to its source",
      "1:a copy differs",
      "2:the arguments are wrong",
      "3:a run failed"
    })
public final class SideBySide implements Callable<Integer> {
  private static final int DIFFERS = 1;
  private static final int FAILED = 3;

  @Option(names = "--plain-copy", required = true, paramLabel = "JAR", description = "its jar")
  private Path plainCopy = Path.of("plain-copy.jar");

  @Option(
      names = "--provider",
      required = true,
      paramLabel = "CLASSPATH",
      description = "the provider's jar and JNA's, as on a java command line")
  private String provider = "";

  @Option(
      names = "--rounds",
      defaultValue = "6",
      paramLabel = "N",
      description = "copies in each JVM, ${DEFAULT-VALUE} by default; the earlier half is warm-up")
  private int rounds;

  @Option(
      names = "--pairs",
      defaultValue = "3",
      paramLabel = "N",
      description =
          "JVMs without and as many with the provider, in turn; ${DEFAULT-VALUE} by default")
  private int pairs;

  @Option(names = "--keep", description = "leave the last copies in DIR/ours")
  private boolean keep;

  @Parameters(index = "0", paramLabel = "DIR", description = "where to copy to")
  private Path directory = Path.of("");

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "SOURCE", description = "what to copy")
  private List<Path> sources = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new SideBySide())
            .setExecutionExceptionHandler(
                (exception, command, parsed) -> {
                  command.getErr().println("side-by-side: " + exception);
                  return FAILED;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    directory = directory.toRealPath();
    sources = realPaths(sources);
    Path stockCopies = unused(directory.resolve("stock"));
    Path ourCopies = unused(directory.resolve("ours"));
    PlainCopyRun stock = PlainCopyRun.stock(plainCopy, rounds);
    PlainCopyRun ours = PlainCopyRun.withProvider(plainCopy, provider, rounds);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "JDK %s (%s), %s%n",
        Runtime.version(), System.getProperty("java.vendor"), System.getProperty("java.home"));
    out.printf(
        "Linux %s, %s on %s%n",
        System.getProperty("os.version"), Files.getFileStore(directory).type(), directory);
    try {
      Map<Path, Row> rows = new LinkedHashMap<>();
      for (Path source : sources) {
        rows.put(source, new Row(source, FileTree.of(source)));
      }
      for (int pair = 1; pair <= pairs; pair++) {
        // Who goes second meets what the first left behind in caches and journals: take turns.
        boolean stockFirst = pair % 2 == 1;
        if (stockFirst) {
          time(stock, sources, stockCopies, rows, Row::addStock);
        }
        time(ours, sources, ourCopies, rows, Row::addOurs);
        if (!stockFirst) {
          time(stock, sources, stockCopies, rows, Row::addStock);
        }
        out.printf("timed %d of %d%n", pair, pairs);
        out.flush();
      }
      // Recording costs time, so the run that tells the methods is not one of those that count.
      CopyMethods methods = ours.runRecorded(sources, ourCopies, directory.resolve("ours.jfr"));
      for (Row row : rows.values()) {
        row.setMethods(methods.of(row.copyIn(ourCopies)));
        row.setSharedBytes(Extents.sharedBytes(row.copyIn(ourCopies)));
      }
      compare(rows, ourCopies);
      out.println(Row.table(rows.values()));
      out.flush();
      return rows.values().stream().allMatch(Row::identical) ? 0 : DIFFERS;
    } finally {
      FileTree.delete(stockCopies);
      if (!keep) {
        FileTree.delete(ourCopies);
      }
    }
  }

  private void time(
      PlainCopyRun run,
      List<Path> sources,
      Path copies,
      Map<Path, Row> rows,
      BiConsumer<Row, Double> add)
      throws IOException, InterruptedException {
    flush(directory);
    Map<Path, Double> millis = run.run(sources, copies);
    rows.forEach((source, row) -> add.accept(row, millis.get(source)));
    compare(rows, copies);
    FileTree.delete(copies);
  }

  /** What the run before left to write must not slow this one; without sync(1) it may. */
  private static void flush(Path directory) throws InterruptedException {
    try {
      new ProcessBuilder("sync", "-f", directory.toString()).start().waitFor();
    } catch (IOException noSuchProgram) {
      // The median over the pairs evens out some of it.
    }
  }

  private static void compare(Map<Path, Row> rows, Path copies) throws IOException {
    for (Row row : rows.values()) {
      row.compareWith(row.copyIn(copies));
    }
  }

  private static List<Path> realPaths(List<Path> paths) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path path : paths) {
      real.add(path.toRealPath());
    }
    return real;
  }

  /** What is removed afterwards must be ours: so it must not be there before. */
  private Path unused(Path path) {
    if (Files.exists(path)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), path + " exists; give a directory without it");
    }
    return path;
  }
}
