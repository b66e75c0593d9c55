package dev.copyoffload.examples.benchmarks;

import java.io.File;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a call is timed with. */
enum Variant {
  STOCK("stock", "sun.nio.fs.LinuxFileSystemProvider"),
  AGENT("agent", "sun.nio.fs.LinuxFileSystemProvider"),
  TRANSPARENT("transparent", "sun.nio.fs.OffloadLinuxFileSystemProvider"),
  PROPERTY("property", "dev.copyoffload.OffloadFileSystemProvider"),
  /** The property with our jar on the boot class path: nothing of it is verified. */
  LEAN("lean", "sun.nio.fs.OffloadLinuxFileSystemProvider"),
  /** The system calls alone. */
  FLOOR("floor", "sun.nio.fs.LinuxFileSystemProvider"),
  /** The process of cp(1), start and end included. */
  CP("cp", "sun.nio.fs.LinuxFileSystemProvider"),
  /** An agent that does nothing: what a JVM takes to have any. */
  EMPTY_AGENT("empty agent", "sun.nio.fs.LinuxFileSystemProvider"),
  /** The agent, started in the way that keeps the JVM's archived modules. */
  AGENTLIB("agentlib", "sun.nio.fs.LinuxFileSystemProvider");

  /** The ways in that differ once a JVM is warm, the recommended one first. */
  static final Set<Variant> OURS = EnumSet.range(AGENT, PROPERTY);

  /** Those whose code is not the JDK's: one JDK is enough to run them. */
  static final Set<Variant> REFERENCES = EnumSet.of(FLOOR, CP);

  private static final int NATIVE_ACCESS_WARNS = 24;

  private final String label;
  private final String provider;

  Variant(String label, String provider) {
    this.label = label;
    this.provider = provider;
  }

  /** The name in tables and files. */
  String label() {
    return label;
  }

  /** The class of the default provider in such a JVM. */
  String provider() {
    return provider;
  }

  boolean isOurs() {
    return OURS.contains(this);
  }

  /** The arguments of {@code java} up to the main class. */
  List<String> jvmArguments(Artifacts artifacts, int release) {
    List<String> arguments = new ArrayList<>();
    String classPath = artifacts.benchmarks();
    switch (this) {
      case STOCK, CP -> {}
      case FLOOR -> {
        enableNativeAccess(arguments, release);
        classPath += artifacts.jna();
      }
      case AGENT -> arguments.add("-javaagent:" + artifacts.agent());
      case AGENTLIB -> arguments.add("-agentlib:instrument=" + artifacts.agent());
      case EMPTY_AGENT -> arguments.add("-javaagent:" + artifacts.emptyAgent());
      case PROPERTY, TRANSPARENT, LEAN -> {
        arguments.add(
            "-Djava.nio.file.spi.DefaultFileSystemProvider="
                + "dev.copyoffload.OffloadFileSystemProvider");
        if (this == TRANSPARENT) {
          arguments.addAll(List.of("--add-opens", "java.base/sun.nio.fs=ALL-UNNAMED"));
        } else {
          enableNativeAccess(arguments, release);
        }
        if (this == LEAN) {
          arguments.add("-Xbootclasspath/a:" + artifacts.provider());
        } else {
          classPath += File.pathSeparator + artifacts.provider() + artifacts.jna();
        }
      }
    }
    arguments.addAll(List.of("-cp", classPath));
    return arguments;
  }

  /** Who needs no such flag pays for none: it takes JDK 25 some milliseconds of each start. */
  private static void enableNativeAccess(List<String> arguments, int release) {
    if (release >= NATIVE_ACCESS_WARNS) {
      arguments.add("--enable-native-access=ALL-UNNAMED");
    }
  }
}
