package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RouteTest {
  /** Each skipped test is an entry of a report that is written again and again. */
  @Test
  void testMissing_isListedOnce() {
    List<Volume> volumes =
        List.of(volume("a", null), volume("b", null), volume("c", "why"), volume("d", "why"));
    assertEquals(
        List.of("a", "a to b", "b to a", "b", "c", "d"),
        volumes.stream()
            .flatMap(from -> volumes.stream().map(to -> new Route(from, to)))
            .filter(Route::isListed)
            .map(Route::toString)
            .toList());
  }

  private static Volume volume(String name, @Nullable String missing) {
    return new Volume(name, Path.of(name), null, missing);
  }
}
