package dev.copyoffload.examples.sidebyside;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Which method moved the bytes of which copy, as the provider's events tell it. */
final class CopyMethods {
  static final String EVENT = "dev.copyoffload.Copy";

  /** A copy without an event is one the JDK did itself. */
  private static final String JDK = "JDK";

  private final Map<Path, String> methodByTarget;

  private CopyMethods(Map<Path, String> methodByTarget) {
    this.methodByTarget = methodByTarget;
  }

  static CopyMethods read(Path recording) throws IOException {
    Map<Path, String> methods = new HashMap<>();
    try (RecordingFile events = new RecordingFile(recording)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (event.getEventType().getName().equals(EVENT)) {
          // Rounds copy to the same targets: the last one, and the warmest, is kept.
          methods.put(Path.of(event.getString("target")), event.getString("method"));
        }
      }
    }
    return new CopyMethods(methods);
  }

  /** Names the methods that made the files of {@code copy}, the most used first. */
  String of(Path copy) throws IOException {
    List<Path> files = FileTree.of(copy).files();
    Map<String, Long> counts =
        files.stream()
            .collect(groupingBy(file -> methodByTarget.getOrDefault(file, JDK), counting()));
    if (counts.size() == 1) {
      return counts.keySet().iterator().next();
    }
    return counts.entrySet().stream()
        .sorted(Entry.comparingByValue(Comparator.reverseOrder()))
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(joining(", "));
  }
}
