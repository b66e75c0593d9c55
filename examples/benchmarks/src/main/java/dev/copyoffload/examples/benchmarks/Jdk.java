package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK to run benchmarks on.
 *
 * @param home its directory
 * @param version its full version, such as 17.0.9
 * @param vendor who built it
 */
record Jdk(Path home, Runtime.Version version, String vendor) {
  /** The release that is looked for beside the current one. */
  private static final int SECOND_RELEASE = 25;

  /** Reads the {@code release} file that every JDK has. */
  static Jdk of(Path home) throws IOException {
    Path real = home.toRealPath();
    Properties release = new Properties();
    try (Reader in = Files.newBufferedReader(real.resolve("release"))) {
      release.load(in);
    }
    if (!Files.isExecutable(java(real))) {
      throw new IOException(java(real) + " cannot be run");
    }
    return new Jdk(
        real,
        Runtime.Version.parse(unquoted(release, "JAVA_VERSION")),
        unquoted(release, "IMPLEMENTOR"));
  }

  /** The one that runs this, and a JDK 25 in the same directory. */
  static List<Jdk> defaults() throws IOException {
    List<Jdk> found = new ArrayList<>();
    Jdk current = of(Path.of(System.getProperty("java.home")));
    found.add(current);
    Path parent = current.home.getParent();
    if (parent == null || current.release() == SECOND_RELEASE) {
      return found;
    }
    try (Stream<Path> homes = Files.list(parent)) {
      for (Path home : homes.filter(Files::isDirectory).sorted().toList()) {
        if (Files.isReadable(home.resolve("release")) && Files.isExecutable(java(home))) {
          Jdk other = of(home);
          if (other.release() == SECOND_RELEASE) {
            found.add(other);
            break;
          }
        }
      }
    }
    return found;
  }

  String java() {
    return java(home).toString();
  }

  /** The name of its columns: figures of another update of a release are compared with its own. */
  String label() {
    return Integer.toString(release());
  }

  int release() {
    return version.feature();
  }

  private static Path java(Path home) {
    return home.resolve("bin").resolve("java");
  }

  private static String unquoted(Properties release, String key) {
    return release.getProperty(key, "").replace("\"", "");
  }
}
