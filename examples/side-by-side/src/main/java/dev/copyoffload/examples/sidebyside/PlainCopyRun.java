package dev.copyoffload.examples.sidebyside;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A way to run plain-copy in a JVM of its own, the same {@code java} as this one. */
final class PlainCopyRun {
  private static final String MAIN_CLASS = "plaincopy.PlainCopy";
  private static final String PROVIDER_CLASS = "dev.copyoffload.OffloadFileSystemProvider";
  private static final Pattern MEDIAN = Pattern.compile("median ms=(\\S+) source=(.*)");

  /** From this release on, the JVM warns when a class path loads native code unannounced. */
  private static final int NATIVE_ACCESS_WARNS = 24;

  private final String name;
  private final List<String> jvmArguments;
  private final int rounds;

  private PlainCopyRun(String name, List<String> jvmArguments, int rounds) {
    this.name = name;
    this.jvmArguments = jvmArguments;
    this.rounds = rounds;
  }

  static PlainCopyRun stock(Path jar, int rounds) {
    return new PlainCopyRun("stock", List.of("-cp", jar.toString()), rounds);
  }

  static PlainCopyRun withProvider(Path jar, String provider, int rounds) {
    List<String> arguments = new ArrayList<>();
    arguments.add("-Djava.nio.file.spi.DefaultFileSystemProvider=" + PROVIDER_CLASS);
    if (Runtime.version().feature() >= NATIVE_ACCESS_WARNS) {
      arguments.add("--enable-native-access=ALL-UNNAMED");
    }
    arguments.addAll(List.of("-cp", jar + File.pathSeparator + provider));
    return new PlainCopyRun("with the provider", arguments, rounds);
  }

  /**
   * Copies each source into {@code target}.
   *
   * @return the median of the warm rounds, in milliseconds, by source
   */
  Map<Path, Double> run(List<Path> sources, Path target) throws IOException, InterruptedException {
    return run(List.of(), sources, target);
  }

  /** Does the same under Flight Recorder; the recording is removed once read. */
  CopyMethods runRecorded(List<Path> sources, Path target, Path recording)
      throws IOException, InterruptedException {
    try {
      run(
          List.of(
              "-Xlog:jfr+startup=off",
              "-XX:StartFlightRecording=settings=none,"
                  + ("+" + CopyMethods.EVENT + "#enabled=true,")
                  + ("filename=" + recording)),
          sources,
          target);
      return CopyMethods.read(recording);
    } finally {
      Files.deleteIfExists(recording);
    }
  }

  private Map<Path, Double> run(List<String> moreJvmArguments, List<Path> sources, Path target)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(moreJvmArguments);
    command.addAll(jvmArguments);
    command.addAll(List.of(MAIN_CLASS, "--repeat", Integer.toString(rounds)));
    sources.forEach(source -> command.add(source.toString()));
    command.add(target.toString());

    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // Whoever stops us wants the directory back: nothing may go on writing there.
    Thread stop = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(stop);
    Map<Path, Double> medians = new HashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher median = MEDIAN.matcher(line);
        if (median.matches()) {
          medians.put(Path.of(median.group(2)), Double.valueOf(median.group(1)));
        }
      }
    }
    int status = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (status != 0) {
      throw new IOException("plain-copy " + name + " ended with status " + status);
    }
    return medians;
  }
}
