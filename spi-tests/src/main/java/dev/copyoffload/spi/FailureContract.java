package dev.copyoffload.spi;

import static dev.copyoffload.spi.Privilege.asNobody;
import static dev.copyoffload.spi.Row.copy;
import static dev.copyoffload.spi.Row.move;
import static dev.copyoffload.spi.Row.row;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies that the system refuses, from the start or in the middle, for real. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachNeighbour.class)
public abstract class FailureContract extends DiskContract {
  private static final Set<String> SHARING = Set.of("xfs", "btrfs", "overlay");
  private static final long LARGE = 9 << 20;

  @ParameterizedTest
  @MethodSource("refused")
  final void testCopy_asNobody(Row row) throws IOException {
    Privilege.requireRoot();
    check(row);
  }

  static Stream<Row> refused() {
    return Stream.of(
        row("unreadable file", s -> closed(s.file("a", 70_000).open(), "a"), asNobody(copy()))
            .fails(AccessDeniedException.class),
        row(
                "unreadable file and existing target",
                s -> closed(s.file("a", 70_000).targetFile("b", 9).open(), "a"),
                asNobody(copy(REPLACE_EXISTING, COPY_ATTRIBUTES)))
            .fails(AccessDeniedException.class),
        row(
                "directory that may not be searched",
                s -> closed(s.directory("d").file("d/a", 9).open(), "d"),
                asNobody(s -> Files.copy(s.from("d/a"), s.to("b"))))
            .fails(AccessDeniedException.class),
        row(
                "directory that may not be written",
                s -> {
                  s.file("a", 70_000).open();
                  Files.setAttribute(s.rawTo(""), "unix:mode", 0555);
                },
                asNobody(copy()))
            .fails(AccessDeniedException.class),
        row(
                "file that may not be moved away",
                s -> {
                  s.file("a", 70_000).open();
                  Files.setAttribute(s.rawFrom(""), "unix:mode", 0555);
                },
                asNobody(move()))
            .fails(AccessDeniedException.class));
  }

  private static void closed(Sandbox s, String name) throws IOException {
    Files.setAttribute(s.rawFrom(name), "unix:mode", 0);
  }

  @ParameterizedTest
  @MethodSource("readOnly")
  final void testReadOnlyMount(Row row) throws IOException {
    Privilege.requireRoot();
    check(row);
  }

  static Stream<Row> readOnly() {
    return Stream.of(
        row("target", s -> s.file("a", 70_000), s -> Files.copy(s.from("a"), s.readOnlyTo("b")))
            .fails(FileSystemException.class),
        row(
                "target to replace",
                s -> s.file("a", 70_000).targetFile("b", 3),
                s -> Files.copy(s.from("a"), s.readOnlyTo("b"), REPLACE_EXISTING))
            .fails(FileSystemException.class),
        row("source", s -> s.file("a", 70_000), s -> Files.copy(s.readOnlyFrom("a"), s.to("b"))),
        row(
                "source to move",
                s -> s.file("a", 70_000),
                s -> Files.move(s.readOnlyFrom("a"), s.to("b")))
            .fails(FileSystemException.class));
  }

  @Test
  final void testCopy_toImmutableFile() throws IOException {
    Outcome.Operation layout = s -> s.file("a", 70_000).targetFile("b", 9);
    Outcome.Operation copy = copy(REPLACE_EXISTING);
    check(
        row("immutable", layout, flagged("i", s -> s.rawTo("b"), copy))
            .fails(FileSystemException.class));
    check(
        row("append only", layout, flagged("a", s -> s.rawTo("b"), copy))
            .fails(FileSystemException.class));
    check(
        row("directory", s -> s.file("a", 70_000), flagged("i", s -> s.rawTo(""), copy()))
            .fails(FileSystemException.class));
    check(row("source", layout, flagged("i", s -> s.rawFrom("a"), copy)));
    check(
        row("source to move", layout, flagged("i", s -> s.rawFrom("a"), move(REPLACE_EXISTING)))
            .fails(FileSystemException.class));
  }

  private static Outcome.Operation flagged(
      String flag, Function<Sandbox, Path> file, Outcome.Operation operation) {
    return s -> {
      String path = file.apply(s).toString();
      try {
        Command.run("chattr", "+" + flag, path);
      } catch (IOException e) {
        Assumptions.abort("no such flag here: " + e.getMessage());
      }
      try {
        operation.run(s);
      } finally {
        Command.run("chattr", "-" + flag, path);
      }
    };
  }

  @Test
  final void testCopy_ofFileThatIsTooLarge() throws IOException {
    check(
        row("limit", s -> s.file("a", 3 << 20), limited(1 << 20, copy()))
            .fails(FileSystemException.class));
    check(
        row(
                "limit and existing target",
                s -> s.file("a", 3 << 20).targetFile("b", 9),
                limited(1 << 20, copy(REPLACE_EXISTING, COPY_ATTRIBUTES)))
            .fails(FileSystemException.class));
    // Not a file of just that size: JDK 25 asks copy_file_range(2) for more, and fails.
    check(row("within the limit", s -> s.file("a", (1 << 20) - 1), limited(1 << 20, copy())));
  }

  /** The limit holds for the whole process, so that nothing else must write a large file now. */
  private static Outcome.Operation limited(long bytes, Outcome.Operation operation) {
    return s -> {
      Libc.Limit limit = new Libc.Limit();
      Libc.C.getrlimit(Libc.RLIMIT_FSIZE, limit);
      long before = limit.current;
      limit.current = bytes;
      Libc.C.setrlimit(Libc.RLIMIT_FSIZE, limit);
      try {
        operation.run(s);
      } finally {
        limit.current = before;
        Libc.C.setrlimit(Libc.RLIMIT_FSIZE, limit);
      }
    };
  }

  @Test
  final void testCopy_toFullDisk(Volumes volumes) throws IOException {
    volumes.tiny().require();
    Route toTiny = new Route(route.from(), volumes.tiny());
    check(row("copy", s -> s.file("a", LARGE), copy()).fails(FileSystemException.class), toTiny);
    check(
        row(
                "replacing",
                s -> s.file("a", LARGE).targetFile("b", 4 << 20),
                copy(REPLACE_EXISTING, COPY_ATTRIBUTES))
            .fails(FileSystemException.class),
        toTiny);
    check(row("move", s -> s.file("a", LARGE), move()).fails(FileSystemException.class), toTiny);
  }

  @Test
  final void testCopy_toFilledDisk() throws IOException {
    Assumptions.assumeFalse(
        route.isWithinOne() && SHARING.contains(route.to().name()),
        "a copy that shares extents needs no space within a file system");
    Assumptions.assumeTrue(
        route.to().readOnly() != null, route.to() + " is not a file system of ours to fill");
    Row copy =
        row(
                "copy",
                s -> {
                  s.file("a", LARGE);
                  fill(s.rawTo("filler"));
                },
                copy())
            .fails(FileSystemException.class);
    if (!route.to().name().equals("fuse")) {
      check(copy);
    } else if (!isOracle()) {
      // Known when the target is closed, of which the JDK makes an exception that nobody declares.
      try (Sandbox s = sandbox()) {
        copy.layOut(s);
        IOException failure = assertThrows(IOException.class, () -> copy.operation().run(s));
        // Within one file system JDK 20 and later name no file.
        boolean isNamed = !route.isWithinOne() || Runtime.version().feature() < 20;
        assertEquals(isNamed ? FileSystemException.class : IOException.class, failure.getClass());
        assertFalse(Files.exists(s.rawTo("b")));
      }
    }
  }

  private static void fill(Path filler) throws IOException {
    long size = 0;
    for (long step = 1L << 28; step >= 1 << 16; ) {
      try {
        Command.run("fallocate", "-o", "" + size, "-l", "" + step, filler.toString());
        size += step;
      } catch (IOException full) {
        step >>= 1;
      }
    }
    // Not the content: it is not worth reading hundreds of megabytes of zeros.
    Files.move(filler, filler.resolveSibling(Snapshot.UNREAD));
  }
}
