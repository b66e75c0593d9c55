package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A JVM to be started for one program.
 *
 * @param jdk of which JDK
 * @param variant with what
 */
record Start(Jdk jdk, Variant variant) {
  static List<Start> all(List<Jdk> jdks, Collection<Variant> variants) {
    List<Start> starts = new ArrayList<>();
    for (Jdk jdk : jdks) {
      variants.forEach(variant -> starts.add(new Start(jdk, variant)));
    }
    return starts;
  }

  Column column() {
    return new Column(jdk.label(), variant.label());
  }

  /**
   * Runs a program to its end.
   *
   * @return what it printed
   */
  String run(Artifacts artifacts, Children children, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.addAll(variant.jvmArguments(artifacts, jdk.release()));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Process process =
        children.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    byte[] printed = process.getInputStream().readAllBytes();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": status " + status);
    }
    return new String(printed, StandardCharsets.UTF_8);
  }
}
