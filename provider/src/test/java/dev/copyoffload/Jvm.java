package dev.copyoffload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a {@link JvmProbe} in a JVM of its own, of the JDK that this one is of. */
record Jvm(int exitCode, String output) {
  private static final String PROVIDER =
      "-Djava.nio.file.spi.DefaultFileSystemProvider=" + OffloadFileSystemProvider.class.getName();

  private static final String OPEN = "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED";

  /** Runs a probe on the JDK's own provider. */
  static Jvm runStock(Path dir, JvmProbe probe, String... flags) throws Exception {
    return run(dir, probe, List.of(flags), "");
  }

  /** Runs a probe on ours. */
  static Jvm runOffloaded(Path dir, JvmProbe probe, String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(PROVIDER);
    return run(dir, probe, all, "");
  }

  /** Runs a probe on ours, with the JDK's package open to it. */
  static Jvm runTransparent(Path dir, JvmProbe probe, String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(OPEN);
    return runOffloaded(dir, probe, all.toArray(String[]::new));
  }

  /** The same, with some of our classes replaced. */
  static Jvm runTransparent(Path replacements, Path dir, JvmProbe probe) throws Exception {
    return run(dir, probe, List.of(PROVIDER, OPEN), replacements + File.pathSeparator);
  }

  private static Jvm run(Path dir, JvmProbe probe, List<String> flags, String firstOnClassPath)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(flags);
    command.add("-cp");
    command.add(firstOnClassPath + classPath());
    command.add(JvmProbe.class.getName());
    command.add(probe.name());
    command.add(dir.toString());
    File output = new File(dir + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new AssertionError(command + " does not end");
      }
      String text = Files.readString(output.toPath(), UTF_8);
      return new Jvm(process.exitValue(), text);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String classPath() throws Exception {
    List<String> entries = new ArrayList<>();
    for (Class<?> type :
        List.of(
            JvmProbe.class,
            OffloadFileSystemProvider.class,
            Class.forName("com.sun.jna.Native", false, Jvm.class.getClassLoader()))) {
      entries.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
