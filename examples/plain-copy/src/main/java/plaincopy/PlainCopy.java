package plaincopy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies files and directories into a directory, several times over, and prints how long it took.
 *
 * <p>An ordinary program: {@code java.nio.file.Files} and nothing else. The copies of the last
 * round stay; nothing that existed before is overwritten or removed.
 */
public final class PlainCopy {
  private PlainCopy() {}

  public static void main(String[] arguments) throws IOException {
    List<String> names = new ArrayList<>(List.of(arguments));
    int rounds = 1;
    if (names.size() > 2 && names.get(0).equals("--repeat")) {
      rounds = Integer.parseInt(names.get(1));
      names.subList(0, 2).clear();
    }
    if (names.size() < 2) {
      System.err.println("usage: plain-copy [--repeat N] SOURCE... DIRECTORY");
      System.exit(2);
    }
    Path directory = Files.createDirectories(Path.of(names.remove(names.size() - 1)));
    List<Path> sources = names.stream().map(Path::of).toList();

    Map<Path, List<Double>> times = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Path source : sources) {
        Path target = directory.resolve(source.getFileName());
        if (round > 1) {
          delete(target);
        }
        long start = System.nanoTime();
        copy(source, target);
        double millis = (System.nanoTime() - start) / 1e6;
        times.computeIfAbsent(source, key -> new ArrayList<>()).add(millis);
        print("round=" + round, millis, source);
      }
    }
    times.forEach((source, millis) -> print("median", medianOfLaterHalf(millis), source));
  }

  private static void copy(Path source, Path target) throws IOException {
    if (!Files.isDirectory(source)) {
      Files.copy(source, target);
      return;
    }
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path path : tree.toList()) {
        Files.copy(path, target.resolve(source.relativize(path)));
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The earlier half is warm-up: classes load, code compiles, caches fill. */
  private static double medianOfLaterHalf(List<Double> millis) {
    List<Double> warm = millis.stream().skip(millis.size() / 2).sorted().toList();
    return warm.get(warm.size() / 2);
  }

  private static void print(String what, double millis, Path source) {
    System.out.printf(Locale.ROOT, "%s ms=%.4f source=%s%n", what, millis, source);
  }
}
