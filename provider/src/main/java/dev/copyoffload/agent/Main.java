package dev.copyoffload.agent;

import dev.copyoffload.linux.Completion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in the agent's jar: help, and {@code doctor}. */
public final class Main {
  private static final int BAD_USE = 2;

  private static final String HELP =
      """
      Copyoffload lets the Linux kernel do the file copies of Java programs.

        java -javaagent:copyoffload-agent.jar[=KEY=VALUE,...] ...
            Runs a program with it. Also by way of the environment:
            JAVA_TOOL_OPTIONS=-javaagent:/path/of/copyoffload-agent.jar

            enabled=false        changes nothing, as if the agent were not there
            disable=NAME,...     does without: native (all of it), stub (JNA instead), ficlone,
                                 ficlonerange, copy_file_range, splice, sendfile, seek_hole
            channels=raw         leaves transfers between open files, and loops, to the JDK
            loops=off            leaves loops over a buffer alone that copy streams (else on)
            log=true             logs every copy to the System.Logger dev.copyoffload, at DEBUG

            Each is also a system property: -Dcopyoffload.KEY=VALUE, which wins.

        java -jar copyoffload-agent.jar doctor DIR [DIR]
            Writes small files in the directories, copies them within and between these, and says
            what works there, and why the rest does not. Leaves nothing behind.
            Exit status: 0, or 2 if a directory cannot be used.

        java -jar copyoffload-agent.jar help
            Prints this.
      """;

  private Main() {}

  /**
   * Runs a command.
   *
   * @param arguments none or {@code help}, or {@code doctor} and one or two directories
   */
  @SuppressWarnings("SystemOut") // a program for people
  public static void main(String... arguments) {
    int status = run(System.out, System.err, arguments);
    System.out.flush();
    if (status != 0) {
      System.exit(status);
    }
  }

  private static int run(PrintStream out, PrintStream err, String... arguments) {
    String command = arguments.length == 0 ? "help" : arguments[0];
    if (command.equals("help") || command.equals("--help") || command.equals("-h")) {
      out.print(HELP);
      return 0;
    }
    if (!command.equals("doctor") || arguments.length < 2 || arguments.length > 3) {
      err.println("copyoffload: not a command: " + String.join(" ", arguments));
      err.print(HELP);
      return BAD_USE;
    }
    try {
      List<Path> directories = new ArrayList<>();
      for (int i = 1; i < arguments.length; i++) {
        directories.add(directory(arguments[i]));
      }
      if (!Completion.ensure()) {
        throw new BadDirectoryException(
            "this JDK takes no classes of ours: " + Completion.failure());
      }
      // Else those that are not there yet would be found a second time, in the agent's jar.
      Completion.require();
      new Doctor(out).report(directories);
      return 0;
    } catch (BadDirectoryException e) {
      err.println("copyoffload: " + e.getMessage());
      return BAD_USE;
    }
  }

  private static Path directory(String name) throws BadDirectoryException {
    try {
      Path directory = Path.of(name).toRealPath();
      if (!Files.isDirectory(directory)) {
        throw new BadDirectoryException(name + " is not a directory");
      }
      return directory;
    } catch (IOException | InvalidPathException e) {
      throw new BadDirectoryException(name + " cannot be used: " + e);
    }
  }
}
