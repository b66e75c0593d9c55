package dev.copyoffload.file;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static dev.copyoffload.OffloadCopyOption.DEDUPE;
import static dev.copyoffload.OffloadCopyOption.NO_REFLINK;
import static dev.copyoffload.OffloadCopyOption.REFLINK;
import static dev.copyoffload.OffloadCopyOption.SPARSE_ALWAYS;
import static dev.copyoffload.OffloadCopyOption.SPARSE_NEVER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.observe.Totals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener that ends copies which are another provider's: what they made goes, no more. */
class FileCopiesTest {
  private static final CopyProgress CANCELLING = CopyProgress.of((done, total) -> false);

  @TempDir Path dir;

  private static void copy(Path source, Path target, CopyOption... options) throws IOException {
    FileCopies.copyAsDemanded(source, target, false, Files::copy, options);
  }

  private static void assertCancelled(Path source, Path target, CopyOption... options) {
    CopyOption[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = CANCELLING;
    assertEquals(
        "cancelled by CopyProgress",
        assertThrows(FileSystemException.class, () -> copy(source, target, all)).getReason());
  }

  private Path file(String name) throws IOException {
    return Files.writeString(dir.resolve(name), name);
  }

  private static void assertRefused(Path source, Path target, CopyOption... options) {
    assertThrows(FileSystemException.class, () -> copy(source, target, options));
    assertFalse(Files.exists(target, NOFOLLOW_LINKS), () -> Arrays.toString(options));
  }

  /** What the other's copy would break is refused, of regular files; the rest it does. */
  @Test
  void testOptionsOfOurs() throws IOException {
    Path source = file("source");
    Path link = Files.createSymbolicLink(dir.resolve("link"), source);
    Path directory = Files.createDirectory(dir.resolve("directory"));
    Path target = dir.resolve("target");
    Totals.reset();
    assertRefused(source, target, REFLINK);
    assertRefused(source, target, ATOMIC_TARGET, NO_REFLINK);
    assertRefused(link, target, REFLINK);
    assertRefused(directory, target, DEDUPE);
    assertEquals(0, Totals.statistics().leftToJdk());
    for (OffloadCopyOption kept :
        new OffloadCopyOption[] {NO_REFLINK, SPARSE_NEVER, SPARSE_ALWAYS}) {
      copy(source, target, kept);
      assertEquals("source", Files.readString(target));
      Files.delete(target);
    }
    copy(directory, target, REFLINK);
    assertTrue(Files.isDirectory(target));
    copy(link, target, REFLINK, NOFOLLOW_LINKS, REPLACE_EXISTING);
    assertEquals(source, Files.readSymbolicLink(target));
    assertEquals(5, Totals.statistics().leftToJdk());
  }

  /** A URI ends a directory with a slash. */
  @Test
  void testRawPath() {
    for (Path path : new Path[] {dir, Path.of("/"), dir.resolve("missing")}) {
      assertEquals(path + "\0", new String(RawPath.ofAny(path), UTF_8));
    }
  }

  @Test
  void testCancelled() throws IOException {
    Path source = file("source");
    Path target = dir.resolve("target");
    assertCancelled(source, target);
    assertFalse(Files.exists(target));
    Files.createSymbolicLink(target, source);
    assertCancelled(source, target, REPLACE_EXISTING);
    assertFalse(Files.exists(target, NOFOLLOW_LINKS));
    Path directory = Files.createDirectory(dir.resolve("directory"));
    assertCancelled(directory, target);
    assertFalse(Files.exists(target));
    assertTrue(Files.exists(source));
  }

  @Test
  void testCancelled_sameFile() throws IOException {
    Path source = file("source");
    Path name = Files.createLink(dir.resolve("name"), source);
    Path directory = Files.createDirectory(dir.resolve("directory"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), source);
    assertCancelled(source, source);
    assertCancelled(source, name);
    assertCancelled(source, name, REPLACE_EXISTING);
    assertCancelled(link, source);
    assertCancelled(directory, directory);
    assertCancelled(link, link, NOFOLLOW_LINKS);
    for (Path kept : new Path[] {source, name, directory, link}) {
      assertTrue(Files.exists(kept, NOFOLLOW_LINKS), kept::toString);
    }
  }

  @Test
  void testCancelled_sameEntryOfAnArchive() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(dir.resolve("z.zip"), Map.of("create", "true"))) {
      Path entry = Files.writeString(zip.getPath("/entry"), "entry");
      assertCancelled(entry, entry);
      assertTrue(Files.exists(entry));
      Path source = file("source");
      assertCancelled(source, zip.getPath("/other"));
      assertFalse(Files.exists(zip.getPath("/other")));
    }
  }

  @Test
  void testCancelled_targetIsAnothersByNow() throws IOException {
    Path source = file("source");
    Path target = dir.resolve("target");
    Path moved = dir.resolve("moved");
    CopyProgress replacing =
        CopyProgress.of(
            (done, total) -> {
              try {
                Files.move(target, moved);
                Files.writeString(target, "another");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return false;
            });
    assertThrows(FileSystemException.class, () -> copy(source, target, replacing));
    assertEquals("another", Files.readString(target));
    CopyProgress deleting = CopyProgress.of((done, total) -> !target.toFile().delete());
    assertEquals(
        "cancelled by CopyProgress",
        assertThrows(
                FileSystemException.class, () -> copy(source, target, REPLACE_EXISTING, deleting))
            .getReason());
  }
}
