package dev.copyoffload.examples.benchmarks.calls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A file to copy, and for each invocation of an iteration a target that is not there.
 *
 * <p>Targets are removed between iterations, outside the measured time. The names are made before:
 * to resolve one takes as long as a system call.
 */
@State(Scope.Thread)
public class FreshTargets {
  /** The path of the file to copy. */
  @Param({})
  public String source = "";

  /** The path of a directory that nobody else uses. */
  @Param({})
  public String directory = "";

  /** Invocations of an iteration, which JMH must be told as its batch size. */
  @Param({})
  public int batch;

  Path sourceFile = Path.of("");
  Path[] targets = {};
  private int used;

  @Setup(Level.Trial)
  public void name() throws IOException {
    sourceFile = Path.of(source);
    targets = new Path[batch];
    for (int i = 0; i < batch; i++) {
      targets[i] = Path.of(directory, "target-" + i);
      Files.deleteIfExists(targets[i]);
    }
    prepare();
  }

  /** For subclasses: JMH calls the methods of one level in no useful order. */
  void prepare() throws IOException {}

  @TearDown(Level.Iteration)
  public void delete() throws IOException {
    for (int i = 0; i < used; i++) {
      Files.delete(targets[i]);
    }
    used = 0;
  }

  Path next() {
    return targets[nextIndex()];
  }

  int nextIndex() {
    return used++;
  }
}
