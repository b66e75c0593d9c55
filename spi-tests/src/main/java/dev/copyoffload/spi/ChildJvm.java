package dev.copyoffload.spi;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A main class in a JVM of its own, of the same JDK and with the same class path. */
final class ChildJvm {
  private final List<String> before = new ArrayList<>();
  private final List<String> flags = new ArrayList<>();
  private final Set<String> leftOut = new HashSet<>();

  /** Has another program start the JVM. */
  ChildJvm under(String... command) {
    before.addAll(List.of(command));
    return this;
  }

  /** Adds a flag of the JVM. */
  ChildJvm flag(String flag) {
    flags.add(flag);
    return this;
  }

  /** Leaves out of the class path where classes are. */
  ChildJvm without(Class<?>... classes) {
    for (Class<?> type : classes) {
      URI location =
          URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
      leftOut.add(new File(location).toString());
    }
    return this;
  }

  /**
   * Runs a main class to its end.
   *
   * @return what it printed
   * @throws IOException if it ends with another status than 0, with what it printed
   */
  String run(Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("-cp");
    command.add(classPath());
    command.addAll(flags);
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Command.run(command.toArray(String[]::new));
  }

  private String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !leftOut.contains(new File(entry).toString()))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
