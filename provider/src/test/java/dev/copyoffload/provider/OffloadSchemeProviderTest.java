package dev.copyoffload.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.OffloadFileSystemProvider;
import java.io.File;
import java.net.URI;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scheme that needs nothing but the class path. */
class OffloadSchemeProviderTest {
  private static Path path(Path raw) {
    return Path.of(URI.create("offload" + raw.toUri().toString().substring("file".length())));
  }

  @Test
  void testPath() {
    Path path = Path.of(URI.create("offload:///data/x%20y"));
    assertEquals("/data/x y", path.toString());
    assertEquals(URI.create("offload:///data/x%20y"), path.toUri());
    assertEquals(path, Path.of(path.toUri()));
    assertEquals(path, Path.of(URI.create("OFFLOAD:/data/x%20y")));
    assertEquals(new File("/data/x y"), path.toFile());
    assertEquals("offload", path.getFileSystem().provider().getScheme());
    assertSame(path.getFileSystem(), FileSystems.getFileSystem(URI.create("offload:///")));
  }

  @Test
  void testPath_badUri() {
    var provider = path(Path.of("/")).getFileSystem().provider();
    for (String uri : new String[] {"file:///a", "a", "offload:a", "offload://host/a"}) {
      assertThrows(
          IllegalArgumentException.class, () -> provider.getPath(URI.create(uri)), () -> uri);
    }
    assertThrows(
        FileSystemAlreadyExistsException.class,
        () -> provider.newFileSystem(URI.create("offload:///"), Map.of()));
    assertThrows(
        UnsupportedOperationException.class,
        () -> provider.newFileSystem(path(Path.of("/a")), Map.of()));
  }

  @Test
  void testFiles(@TempDir Path raw) throws Exception {
    Path dir = path(raw);
    Path a = Files.writeString(dir.resolve("a"), "text");
    Path b = Files.copy(a, dir.resolve("b"));
    Path c = Files.move(b, dir.resolve("c"));
    assertEquals("text", Files.readString(c));
    Path d = Files.copy(c, raw.resolve("d"));
    assertEquals("text", Files.readString(d));
    try (var entries = Files.list(dir)) {
      assertTrue(entries.allMatch(entry -> entry.toUri().getScheme().equals("offload")));
    }
    assertTrue(Files.isSameFile(a, Stock.wrap(raw.resolve("a"))));
    assertTrue(Files.isSameFile(a, raw.resolve("a")));
    assertTrue(Files.isSameFile(Stock.wrap(raw.resolve("a")), a));
  }

  @Test
  void testWrappedProvider_isNotWrappedTwice() {
    var again = new OffloadFileSystemProvider(Stock.PROVIDER);
    Path path = again.getPath(URI.create("file:///a"));
    assertSame(Stock.RAW, OffloadPath.unwrap(path).getFileSystem());
    assertInstanceOf(OffloadPath.class, path);
  }

  @Test
  void testForeignPath_isRefused(@TempDir Path raw) throws Exception {
    try (var zip = FileSystems.newFileSystem(raw.resolve("z.zip"), Map.of("create", "true"))) {
      Path foreign = zip.getPath("/x");
      Path ours = Stock.wrap(raw);
      assertThrows(ProviderMismatchException.class, () -> ours.resolve(foreign));
      assertThrows(ProviderMismatchException.class, () -> ours.relativize(foreign));
      assertThrows(ProviderMismatchException.class, () -> Stock.PROVIDER.copy(ours, foreign));
      assertThrows(ProviderMismatchException.class, () -> Stock.PROVIDER.copy(foreign, ours));
      assertThrows(ProviderMismatchException.class, () -> Stock.PROVIDER.move(foreign, ours));
      assertThrows(ProviderMismatchException.class, () -> Stock.PROVIDER.delete(foreign));
      assertThrows(ClassCastException.class, () -> ours.compareTo(foreign));
    }
  }
}
