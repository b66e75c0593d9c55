package dev.copyoffload.examples.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The jars that JVMs are made of.
 *
 * @param root the project's directory, built
 */
record Artifacts(Path root) {
  /** What every JVM has on its class path: the calls, and JMH with what it needs. */
  String benchmarks() {
    return Stream.of(
            "benchmarks.jar", "lib/jmh-core.jar", "lib/jopt-simple.jar", "lib/commons-math3.jar")
        .map(jar -> jar("examples/benchmarks/target/" + jar))
        .collect(Collectors.joining(File.pathSeparator));
  }

  String provider() {
    return jar("provider/target/copyoffload-provider.jar");
  }

  /** To append to a class path. */
  String jna() {
    return File.pathSeparator + jar("examples/benchmarks/target/lib/jna.jar");
  }

  String agent() {
    return jar("provider/target/copyoffload-agent.jar");
  }

  String emptyAgent() {
    return jar("examples/benchmarks/target/benchmarks.jar");
  }

  private String jar(String name) {
    Path jar = root.resolve(name);
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException(jar + " is missing: build the project");
    }
    return jar.toString();
  }
}
