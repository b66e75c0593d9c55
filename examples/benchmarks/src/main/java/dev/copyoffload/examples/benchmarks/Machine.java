package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where figures come from.
 *
 * @param kernel the system's release
 * @param processor its model
 * @param processors that the JVM may use
 * @param memoryMib of the machine
 * @param jdks version and vendor by the name in columns, the first one first
 * @param fileSystems what the kernel says of each place, by the name in rows
 */
record Machine(
    String kernel,
    String processor,
    int processors,
    long memoryMib,
    Map<String, String> jdks,
    Map<String, String> fileSystems) {
  static Machine here(List<Jdk> jdks, List<Place> places) throws IOException {
    Map<String, String> versions = new LinkedHashMap<>();
    for (Jdk jdk : jdks) {
      versions.put(jdk.label(), jdk.version() + " (" + jdk.vendor() + ")");
    }
    Map<String, String> stores = new LinkedHashMap<>();
    for (Place place : places) {
      stores.put(place.name(), Files.getFileStore(place.directory()).type());
    }
    return new Machine(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) >> 10,
        versions,
        stores);
  }

  /** The first value of a key in a file of lines with a colon; "0" where there is none. */
  private static String field(String file, String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse("0");
    }
  }
}
