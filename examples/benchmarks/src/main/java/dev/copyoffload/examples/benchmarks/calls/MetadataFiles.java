package dev.copyoffload.examples.benchmarks.calls;

import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A file that is there and one that is not. */
@State(Scope.Thread)
public class MetadataFiles {
  /** The path of a file, or of a tree. */
  @Param({})
  public String source = "";

  Path present = Path.of("");
  Path missing = Path.of("");

  @Setup(Level.Trial)
  public void name() {
    present = Path.of(source);
    missing = Path.of(source + ".missing");
  }
}
