package dev.copyoffload.spi;

import static dev.copyoffload.spi.Interruptible.INTERRUPTIBLE;
import static dev.copyoffload.spi.Row.copy;
import static dev.copyoffload.spi.Row.row;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Files#copy(java.nio.file.Path, java.nio.file.Path, CopyOption...)}, within and across. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class CopyContract extends DiskContract {
  @ParameterizedTest
  @MethodSource("sizes")
  final void testCopy_ofSize(long size) throws IOException {
    check(row("plain", s -> s.file("a", size), copy()));
    check(
        row(
            "replacing a longer file",
            s -> s.file("a", size).targetFile("b", size + 70_000),
            copy(REPLACE_EXISTING, COPY_ATTRIBUTES)));
    check(row("interruptible", s -> s.file("a", size), copy(INTERRUPTIBLE)));
  }

  static LongStream sizes() {
    return LongStream.concat(
        LongStream.of(0, 1, 5, 3_000_123),
        LongStream.of(4096, 65536, 1 << 20).flatMap(n -> LongStream.of(n - 1, n, n + 1)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  final void testCopy(Row row) throws IOException {
    check(row);
  }

  static Stream<Row> rows() {
    Outcome.Operation file = s -> s.file("a", 5000);
    Outcome.Operation two = s -> s.file("a", 5000).targetFile("b", 7);
    String longest = "n".repeat(255);
    return Stream.of(
        row("existing target", two, copy()).fails(FileAlreadyExistsException.class),
        row("existing target replaced", two, copy(REPLACE_EXISTING)),
        row(
                "non-empty directory as target",
                s -> s.file("a", 5000).targetDirectory("b").targetFile("b/c", 1),
                copy(REPLACE_EXISTING))
            .fails(DirectoryNotEmptyException.class),
        row("missing source", s -> {}, copy()).fails(NoSuchFileException.class),
        row("missing source keeps the target", s -> s.targetFile("b", 9), copy(REPLACE_EXISTING))
            .fails(NoSuchFileException.class),
        row("missing parent", file, s -> Files.copy(s.from("a"), s.to("no/b")))
            .fails(NoSuchFileException.class),
        row(
                "file as parent",
                s -> s.file("a", 5000).targetFile("f", 3),
                s -> Files.copy(s.from("a"), s.to("f/b")))
            .fails(FileSystemException.class),
        row("same file", file, s -> Files.copy(s.from("a"), s.from("a"), REPLACE_EXISTING)),
        row("same file without option", file, s -> Files.copy(s.from("a"), s.from("a"))),
        row(
            "hard link to the source",
            s -> Files.createLink(s.file("a", 5000).rawFrom("h"), s.rawFrom("a")),
            s -> Files.copy(s.from("a"), s.from("h"), REPLACE_EXISTING)),
        row(
            "longest name",
            s -> s.file(longest, 5000),
            s -> Files.copy(s.from(longest), s.to(longest))),
        row("name too long", file, s -> Files.copy(s.from("a"), s.to(longest + "n")))
            .fails(FileSystemException.class),
        row("atomic move is no copy", file, copy(ATOMIC_MOVE))
            .fails(UnsupportedOperationException.class),
        row("unknown option", file, copy(UnknownOption.UNKNOWN))
            .fails(UnsupportedOperationException.class),
        row("null option", file, s -> Files.copy(s.from("a"), s.to("b"), new CopyOption[1]))
            .fails(NullPointerException.class),
        row(
            "to a stream",
            file,
            s -> {
              try (var out = Files.newOutputStream(s.to("b"))) {
                Files.copy(s.from("a"), out);
              }
            }),
        row(
            "from a stream",
            file,
            s -> {
              try (var in = Files.newInputStream(s.from("a"))) {
                Files.copy(in, s.to("b"));
              }
            }),
        row(
                "from a stream to an existing target",
                two,
                s -> {
                  try (var in = Files.newInputStream(s.from("a"))) {
                    Files.copy(in, s.to("b"));
                  }
                })
            .fails(FileAlreadyExistsException.class));
  }

  @Test
  final void testCopy_ofNameThatIsNoText() throws IOException {
    check(
        row(
            "raw name",
            s -> {
              s.file("a", 5000);
              Files.move(s.rawFrom("a"), Sandbox.noText(s.rawFrom("x")));
            },
            s ->
                Files.copy(
                    s.at(Sandbox.noText(s.rawFrom("x"))), s.at(Sandbox.noText(s.rawTo("x"))))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 022, 027, 077, 0377})
  final void testCopy_underMask(int mask) throws IOException {
    Outcome.Operation layout =
        s -> Files.setAttribute(s.file("a", 5000).rawFrom("a"), "unix:mode", 0777);
    check(row("mask", layout, masked(mask, copy())));
    check(row("mask and attributes", layout, masked(mask, copy(COPY_ATTRIBUTES))));
  }

  private static Outcome.Operation masked(int mask, Outcome.Operation operation) {
    return s -> {
      int before = Libc.C.umask(mask);
      try {
        operation.run(s);
      } finally {
        Libc.C.umask(before);
      }
    };
  }

  /** A pipe is read like a file: until its writer closes it. */
  @Test
  final void testCopy_fromPipe() throws IOException {
    check(row("pipe", CopyContract::pipe, copy()));
    check(row("pipe", CopyContract::pipe, copy(REPLACE_EXISTING, COPY_ATTRIBUTES)));
  }

  private static void pipe(Sandbox s) throws IOException {
    String pipe = s.rawFrom("a").toString();
    Libc.pipe(s.rawFrom("a"));
    new ProcessBuilder("sh", "-c", "printf 'through the pipe' > \"$0\"", pipe).start();
  }

  private enum UnknownOption implements CopyOption {
    UNKNOWN
  }
}
