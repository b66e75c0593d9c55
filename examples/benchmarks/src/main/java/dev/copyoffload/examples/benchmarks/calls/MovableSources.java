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

/** A source for each invocation of an iteration, since a move takes it away. */
@State(Scope.Thread)
public class MovableSources extends FreshTargets {
  /** The path of a directory for the sources, on the file system that is moved from. */
  @Param({})
  public String sourceDirectory = "";

  private Path[] sources = {};
  private int moved;

  @Setup(Level.Iteration)
  public void create() throws IOException {
    // Written, not copied: a copy that shares its extents would not have its bytes in the cache.
    byte[] bytes = Files.readAllBytes(sourceFile);
    sources = new Path[batch];
    for (int i = 0; i < batch; i++) {
      sources[i] = Files.write(Path.of(sourceDirectory, "source-" + i), bytes);
    }
    moved = 0;
  }

  @TearDown(Level.Trial)
  public void deleteSources() throws IOException {
    for (Path source : sources) {
      Files.deleteIfExists(source);
    }
  }

  Path nextSource() {
    return sources[moved++];
  }
}
