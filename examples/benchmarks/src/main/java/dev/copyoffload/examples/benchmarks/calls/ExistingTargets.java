package dev.copyoffload.examples.benchmarks.calls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Targets that are there: each a copy of the source. */
@State(Scope.Thread)
public class ExistingTargets extends FreshTargets {
  @Setup(Level.Iteration)
  public void create() throws IOException {
    byte[] bytes = Files.readAllBytes(sourceFile);
    for (Path target : targets) {
      Files.write(target, bytes);
    }
  }
}
