package dev.copyoffload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
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

  /** Whether a file system has a block device of its own; in memory, say, it has none. */
  static boolean isOnBlockDevice(Path file) throws IOException {
    long device = (long) Files.getAttribute(file, "unix:dev");
    return (device >>> 8 & 0xFFF) != 0;
  }

  /** Runs a probe on the JDK's own provider. */
  static Jvm runStock(Path dir, JvmProbe probe, String... flags) throws Exception {
    return run(dir, probe, List.of(flags), "");
  }

  /** Runs a probe on ours. */
  static Jvm runOffloaded(Path dir, JvmProbe probe, String... flags) throws Exception {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add(PROVIDER);
    if (Runtime.version().feature() >= 24 && !all.contains(OPEN)) {
      // Where nothing is open, the JVM warns of native code.
      all.add("--enable-native-access=ALL-UNNAMED");
    }
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

  /** Runs a probe, and nothing but it on the class path, with flags. */
  static Jvm runAlone(Path dir, JvmProbe probe, String... flags) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(flags));
    arguments.addAll(List.of("-cp", locationOf(JvmProbe.class), JvmProbe.class.getName()));
    arguments.addAll(List.of(probe.name(), dir.toString()));
    return runJava(dir, arguments);
  }

  /** Runs doctor on ours, with the JDK's package open to it and some of our classes replaced. */
  static Jvm doctor(Path replacements, Path dir) throws Exception {
    String path = replacements + File.pathSeparator + classPath();
    return runJava(
        dir,
        List.of(
            PROVIDER, OPEN, "-cp", path, "dev.copyoffload.agent.Main", "doctor", dir.toString()));
  }

  /** Runs {@code java} with arguments. */
  static Jvm runJava(Path dir, List<String> arguments) throws Exception {
    return runTool(dir, "java", arguments);
  }

  /** Runs a program of the JDK. */
  static Jvm runTool(Path dir, String tool, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(arguments);
    return runCommand(dir, command);
  }

  /** Runs any program. */
  static Jvm runCommand(Path dir, List<String> command) throws Exception {
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

  private static Jvm run(Path dir, JvmProbe probe, List<String> flags, String firstOnClassPath)
      throws Exception {
    List<String> arguments = new ArrayList<>(flags);
    arguments.addAll(List.of("-Xmx256m", "-cp", firstOnClassPath + classPath()));
    arguments.addAll(List.of(JvmProbe.class.getName(), probe.name(), dir.toString()));
    return runJava(dir, arguments);
  }

  /** The path of ours, its dependency and the tests. */
  static String classPath() throws Exception {
    return String.join(
        File.pathSeparator,
        locationOf(JvmProbe.class),
        locationOf(OffloadFileSystemProvider.class),
        locationOf(Class.forName("com.sun.jna.Native", false, Jvm.class.getClassLoader())));
  }

  static String locationOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
