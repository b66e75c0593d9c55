package dev.copyoffload.examples.benchmarks.calls;

import java.io.IOException;
import java.nio.file.Path;

/** The process of cp(1). */
final class Cp {
  private Cp() {}

  /**
   * Runs it, from start to end.
   *
   * @return 0
   * @throws IOException if it fails
   */
  static int run(String option, String source, Path target)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("cp", option, "--", source, target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("cp " + option + " " + source + ": status " + status);
    }
    return status;
  }
}
