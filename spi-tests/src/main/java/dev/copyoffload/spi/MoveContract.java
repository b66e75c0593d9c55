package dev.copyoffload.spi;

import static dev.copyoffload.spi.Interruptible.INTERRUPTIBLE;
import static dev.copyoffload.spi.Row.move;
import static dev.copyoffload.spi.Row.row;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Files#move}: a renaming within a file system, a copy and a deletion across. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class MoveContract extends DiskContract {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4095, 65537, 3_000_017})
  final void testMove_ofSize(long size) throws IOException {
    check(row("plain", s -> s.file("a", size), move()));
    check(
        row(
            "replacing",
            s -> s.file("a", size).targetFile("b", size + 70_000),
            move(REPLACE_EXISTING)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  final void testMove(Row row) throws IOException {
    check(row);
  }

  static Stream<Row> rows() {
    Outcome.Operation file = s -> s.file("a", 5000);
    Outcome.Operation two = s -> s.file("a", 5000).targetFile("b", 7);
    return Stream.of(
        row("existing target", two, move()).fails(FileAlreadyExistsException.class),
        row(
                "non-empty directory as target",
                s -> s.file("a", 5000).targetDirectory("b").targetFile("b/c", 1),
                move(REPLACE_EXISTING))
            .fails(DirectoryNotEmptyException.class),
        row(
            "empty directory as target",
            s -> s.file("a", 5000).targetDirectory("b"),
            move(REPLACE_EXISTING)),
        row("missing source", s -> s.targetFile("b", 3), move(REPLACE_EXISTING))
            .fails(NoSuchFileException.class),
        row("missing parent", file, s -> Files.move(s.from("a"), s.to("no/b")))
            .fails(NoSuchFileException.class),
        row("same file", file, s -> Files.move(s.from("a"), s.from("a"))),
        row(
            "hard link to the source",
            s -> Files.createLink(s.file("a", 5000).rawFrom("h"), s.rawFrom("a")),
            s -> Files.move(s.from("a"), s.from("h"), REPLACE_EXISTING)),
        row("links are not followed", file, move(NOFOLLOW_LINKS)),
        row("attributes are no option", file, move(COPY_ATTRIBUTES))
            .fails(UnsupportedOperationException.class),
        row("interruption is no option", file, move(INTERRUPTIBLE))
            .fails(UnsupportedOperationException.class),
        row("null option", file, s -> Files.move(s.from("a"), s.to("b"), ATOMIC_MOVE, null))
            .fails(NullPointerException.class));
  }

  @Test
  final void testMove_atomically() throws IOException {
    Row row = row("atomic", s -> s.file("a", 5000).targetFile("b", 7), move(ATOMIC_MOVE));
    check(route.isWithinOne() ? row : row.fails(AtomicMoveNotSupportedException.class));
  }

  @Test
  final void testMove_ofDirectoryWithContent() throws IOException {
    Row row = row("directory", s -> s.directory("a").file("a/f", 70_000), move());
    check(route.isWithinOne() ? row : row.fails(DirectoryNotEmptyException.class));
  }

  @Test
  final void testMove_keepsAttributes() throws IOException {
    Privilege.requireRoot();
    check(row("file", s -> Attributes.setAll(s.file("a", 5000).rawFrom("a"), 06751), move()));
    check(row("directory", s -> Attributes.setAll(s.directory("a").rawFrom("a"), 0751), move()));
  }

  @Test
  final void testMove_ofPipe() throws IOException {
    check(row("pipe", s -> Libc.pipe(s.rawFrom("a")), move()));
  }
}
