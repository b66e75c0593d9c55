package dev.copyoffload;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library call, between paths of whatever provider. */
@SuppressWarnings("NullAway") // null is what some of these tests pass
class CopyOffloadTest {
  @TempDir private Path dir;

  @Test
  void testCopy_betweenProviders() throws Exception {
    var provider = new OffloadFileSystemProvider(FileSystems.getDefault().provider());
    Path raw = dir.resolve("raw");
    Path wrapped = provider.getPath(dir.resolve("wrapped").toUri());
    Path scheme =
        Path.of(
            URI.create(
                "offload" + dir.resolve("scheme").toUri().toString().substring("file".length())));
    try (var zip = FileSystems.newFileSystem(dir.resolve("z.zip"), Map.of("create", "true"))) {
      List<Path> ends = List.of(raw, wrapped, scheme, zip.getPath("/zipped"));
      for (Path source : ends) {
        for (Path target : ends) {
          Path from = Files.writeString(source.resolveSibling("from"), "text");
          Files.deleteIfExists(target);
          CopyOffload.copy(from, target);
          assertEquals("text", Files.readString(target), () -> source + " to " + target);
          assertThrows(FileAlreadyExistsException.class, () -> CopyOffload.copy(from, target));
          Files.writeString(from, "more");
          CopyOffload.copy(from, target, REPLACE_EXISTING);
          assertEquals("more", Files.readString(target));
        }
      }
    }
  }

  @Test
  void testCopy_missing() {
    Path source = dir.resolve("missing");
    Path target = dir.resolve("target");
    var thrown = assertThrows(NoSuchFileException.class, () -> CopyOffload.copy(source, target));
    assertEquals(source.toString(), thrown.getFile());
    assertFalse(Files.exists(target));
  }

  @Test
  void testCopy_null() {
    assertThrows(NullPointerException.class, () -> CopyOffload.copy(null, dir));
    assertThrows(NullPointerException.class, () -> CopyOffload.copy(dir, null));
    assertThrows(
        NullPointerException.class,
        () -> CopyOffload.copy(dir.resolve("a"), dir.resolve("b"), (CopyOption) null));
  }
}
