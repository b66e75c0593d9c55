package dev.copyoffload.spi;

import static dev.copyoffload.spi.Row.copy;
import static dev.copyoffload.spi.Row.row;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose size or whose blocks do not tell how much there is to copy. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class SpecialFilesContract extends DiskContract {
  private static final long SIZE = 3 << 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/proc/version",
        "/proc/filesystems",
        "/proc/self/cmdline",
        "/sys/kernel/mm/transparent_hugepage/enabled",
        "/sys/kernel/notes"
      })
  final void testCopy_fromKernel(String name) throws IOException {
    Assumptions.assumeTrue(Files.isReadable(Stock.path(name)), name + " is not there");
    try (Sandbox s = sandbox();
        FileInputStream in = new FileInputStream(name)) {
      byte[] expected = in.readAllBytes();
      Files.copy(s.at(Stock.path(name)), s.to("b"));
      assertArrayEquals(expected, Files.readAllBytes(s.rawTo("b")));
    }
  }

  @ParameterizedTest
  @MethodSource("sparse")
  final void testCopy_ofHoles(Row row) throws IOException {
    check(row);
  }

  static Stream<Row> sparse() {
    long[] many = new long[200];
    for (int i = 0; i < many.length; i++) {
      many[i] = i * (SIZE / many.length);
    }
    return Stream.of(
        row("all hole", s -> s.sparse("a", SIZE), copy()),
        row("hole at the start", s -> s.sparse("a", SIZE, SIZE - 8192), copy()),
        row("hole at the end", s -> s.sparse("a", SIZE, 0), copy()),
        row("hole in the middle", s -> s.sparse("a", SIZE, 0, SIZE - 8192), copy()),
        row("data across blocks", s -> s.sparse("a", SIZE + 13, 12_345, 2_000_001), copy()),
        row("many holes", s -> s.sparse("a", SIZE, many), copy()),
        row(
            "preallocated",
            s -> {
              s.file("a", 10_000);
              Command.run("fallocate", "-n", "-l", "" + SIZE, s.rawFrom("a").toString());
            },
            copy()),
        row("moved", s -> s.sparse("a", SIZE, 12_345), s -> Files.move(s.from("a"), s.to("b"))));
  }
}
