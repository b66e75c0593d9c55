package dev.copyoffload.examples.benchmarks.calls;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A tree to copy, and a target that is not there. */
@State(Scope.Thread)
public class FreshTrees {
  /** The path of the tree to copy. */
  @Param({})
  public String source = "";

  /** The path of a directory that nobody else uses. */
  @Param({})
  public String directory = "";

  Path sourceTree = Path.of("");
  Path target = Path.of("");

  @Setup(Level.Trial)
  public void name() {
    sourceTree = Path.of(source);
    target = Path.of(directory, "target-tree");
  }

  @TearDown(Level.Iteration)
  public void delete() throws IOException {
    TreeDeletion.of(target);
  }
}
