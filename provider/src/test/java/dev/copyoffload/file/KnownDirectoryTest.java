package dev.copyoffload.file;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that are renamed, or replaced, between two uses. */
class KnownDirectoryTest {
  @TempDir Path dir;

  private @Nullable OpenDirectory opened;

  @BeforeEach
  void open() throws IOException {
    SystemCalls calls = FileCopies.callsForDirectories();
    assumeTrue(calls != null, "only native code holds directories open");
    Files.createDirectories(dir.resolve("top/a/b"));
    Files.createFile(dir.resolve("top/a/b/ours"));
    Files.createDirectories(dir.resolve("outside/b/theirs"));
    opened = OpenDirectory.top(requireNonNull(calls), dir.resolve("top"), false);
  }

  @AfterEach
  void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private OpenDirectory top() {
    return requireNonNull(opened);
  }

  private KnownDirectory inner() throws IOException {
    try (OpenDirectory a = top().open(dir.resolve("top/a"));
        OpenDirectory b = a.open(dir.resolve("top/a/b"))) {
      return b.known();
    }
  }

  private static void assertOurs(KnownDirectory known) throws IOException {
    try (OpenDirectory again = known.open();
        var files = Files.list(again.path())) {
      assertEquals("ours", files.findFirst().orElseThrow().getFileName().toString());
    }
  }

  @Test
  void testOpen() throws IOException {
    assertOurs(inner());
  }

  @Test
  void testTopRenamed() throws IOException {
    KnownDirectory known = inner();
    Files.move(dir.resolve("top"), dir.resolve("moved"));
    assertOurs(known);
    Files.createSymbolicLink(dir.resolve("top"), dir.resolve("outside"));
    assertOurs(known);
  }

  @Test
  void testLinkInPlace() throws IOException {
    KnownDirectory known = inner();
    Files.move(dir.resolve("top/a/b"), dir.resolve("top/a/hidden"));
    Files.createSymbolicLink(dir.resolve("top/a/b"), dir.resolve("outside"));
    assertThrows(NotDirectoryException.class, known::open);
  }

  @Test
  void testLinkInPlaceOfOneAbove() throws IOException {
    KnownDirectory known = inner();
    Files.move(dir.resolve("top/a"), dir.resolve("top/hidden"));
    Files.createSymbolicLink(dir.resolve("top/a"), dir.resolve("outside"));
    assertThrows(NotDirectoryException.class, known::open);
  }

  /** Another file system may give the same directory another number: it is where it was. */
  @Test
  void testAnotherInPlace() throws IOException {
    KnownDirectory known = inner();
    Files.move(dir.resolve("top/a/b"), dir.resolve("top/a/hidden"));
    Files.createDirectories(dir.resolve("top/a/b"));
    Files.createFile(dir.resolve("top/a/b/ours"));
    assertOurs(known);
  }
}
