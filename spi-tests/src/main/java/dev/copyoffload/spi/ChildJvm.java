package dev.copyoffload.spi;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A main class in a JVM of its own, of the same JDK and with the same class path. */
final class ChildJvm {
  private final List<String> flags = new ArrayList<>();

  /** Adds a flag of the JVM. */
  ChildJvm flag(String flag) {
    flags.add(flag);
    return this;
  }

  /**
   * Runs a main class to its end.
   *
   * @return what it printed
   * @throws IOException if it ends with another status than 0, with what it printed
   */
  String run(Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(flags);
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Command.run(command.toArray(String[]::new));
  }
}
