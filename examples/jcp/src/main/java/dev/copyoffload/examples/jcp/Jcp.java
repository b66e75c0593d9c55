package dev.copyoffload.examples.jcp;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static dev.copyoffload.OffloadCopyOption.DEDUPE;
import static dev.copyoffload.OffloadCopyOption.NO_REFLINK;
import static dev.copyoffload.OffloadCopyOption.REFLINK;
import static dev.copyoffload.OffloadCopyOption.SPARSE_ALWAYS;
import static dev.copyoffload.OffloadCopyOption.SPARSE_NEVER;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.copyoffload.CopyOffload;
import java.nio.file.CopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A cp(1) for the JVM. */
@Command(
    name = "jcp",
    sortOptions = false,
    customSynopsis = "jcp [OPTION]... SRC... DST",
    description = "Copies SRC to DST, or each SRC into the directory DST.",
    footer = {
      "",
      "A file that exists is replaced by a new one, as with cp --remove-destination;",
      "where DST is a link, the file that it leads to. Hard links within a tree are kept."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:all is copied", "1:something is not, or the arguments are wrong"})
public final class Jcp implements Callable<Integer> {
  private static final int FAILED = 1;

  private enum When {
    AUTO,
    ALWAYS,
    NEVER;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = {"-r", "-R", "--recursive"},
      description = "copy directories with all that is in them, and links as links")
  private boolean recursive;

  @Option(
      names = {"-p", "--preserve"},
      description = "copy owner, mode, times and extended attributes too")
  private boolean preserve;

  @Option(
      names = "--reflink",
      paramLabel = "WHEN",
      description = "share the blocks on disk: auto (where possible), always (or fail), never")
  private When reflink = When.AUTO;

  @Option(
      names = "--sparse",
      paramLabel = "WHEN",
      description =
          "make holes: auto (as the source has), always (wherever there are zeros), never")
  private When sparse = When.AUTO;

  @Option(
      names = "--atomic",
      description = "let nobody see an incomplete file, and keep an old one until then")
  private boolean atomic;

  @Option(
      names = "--dedupe",
      description = "copy nothing: let files that exist and hold the same bytes share their blocks")
  private boolean dedupe;

  @Option(names = "--progress", description = "show on standard error how far it is")
  private boolean progress;

  @Option(names = "--help", usageHelp = true, description = "say what this says")
  @SuppressWarnings("unused") // by picocli
  private boolean help;

  @Parameters(paramLabel = "SRC... DST", hidden = true)
  private List<String> names = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return commandLine(new Jcp());
  }

  static CommandLine commandLine(Jcp jcp) {
    return new CommandLine(jcp)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Jcp::refuse)
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              command.getErr().println("jcp: " + exception);
              return FAILED;
            });
  }

  private static int refuse(ParameterException exception, String[] arguments) {
    exception.getCommandLine().getErr().println("jcp: " + exception.getMessage());
    exception.getCommandLine().getErr().println("Try 'jcp --help' for more information.");
    return FAILED;
  }

  @Override
  public Integer call() {
    if (names.isEmpty()) {
      throw wrong("missing file operand");
    }
    if (names.size() == 1) {
      throw wrong("missing destination file operand after '" + names.get(0) + "'");
    }
    List<CopyOption> options = options();
    // A copy that began before native code is loaded would be the JDK's.
    CopyOffload.load();
    Complaints complaints = new Complaints(spec.commandLine().getErr());
    List<Operand> operands = names.stream().map(Operand::new).toList();
    int last = operands.size() - 1;
    new Copier(recursive, progress, options, complaints)
        .copyAll(operands.subList(0, last), operands.get(last));
    return complaints.any() ? FAILED : 0;
  }

  /** What each file is copied with. */
  List<CopyOption> options() {
    if (reflink == When.ALWAYS && sparse != When.AUTO) {
      throw wrong("--reflink can be used only with --sparse=auto");
    }
    boolean otherwise = recursive || preserve || atomic;
    if (dedupe && (otherwise || reflink != When.AUTO || sparse != When.AUTO)) {
      throw wrong("--dedupe copies nothing: it can be used only with --progress");
    }
    if (dedupe) {
      return List.of(DEDUPE);
    }
    List<CopyOption> options = new ArrayList<>(List.of(REPLACE_EXISTING));
    if (preserve) {
      options.add(COPY_ATTRIBUTES);
    }
    if (atomic) {
      options.add(ATOMIC_TARGET);
    }
    if (reflink != When.AUTO) {
      options.add(reflink == When.ALWAYS ? REFLINK : NO_REFLINK);
    }
    if (sparse != When.AUTO) {
      options.add(sparse == When.ALWAYS ? SPARSE_ALWAYS : SPARSE_NEVER);
    }
    return options;
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
