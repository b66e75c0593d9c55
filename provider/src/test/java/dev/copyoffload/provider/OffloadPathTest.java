package dev.copyoffload.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a wrapped path says of itself, and what it makes of raw ones. */
@SuppressWarnings("NullAway") // the parts that these tests ask for are there
class OffloadPathTest {
  private static Path path(String name) {
    return Stock.WRAPPED.getPath(name);
  }

  private static void assertWrapped(String expected, Path actual) {
    assertInstanceOf(OffloadPath.class, actual);
    assertEquals(expected, actual.toString());
    assertSame(Stock.WRAPPED, actual.getFileSystem());
  }

  @Test
  void testParts() {
    Path path = path("/a/b/c");
    assertWrapped("/", path.getRoot());
    assertWrapped("c", path.getFileName());
    assertWrapped("/a/b", path.getParent());
    assertWrapped("b", path.getName(1));
    assertWrapped("b/c", path.subpath(1, 3));
    List<Path> names = new ArrayList<>();
    path.forEach(names::add);
    assertEquals(List.of(path("a"), path("b"), path("c")), names);
    assertEquals(3, path.getNameCount());
    assertNull(path("/").getFileName());
    assertNull(path("x").getParent());
    assertNull(path("x").getRoot());
  }

  @Test
  void testResolve_rawAndWrapped() {
    Path raw = Stock.RAW.getPath("x");
    assertWrapped("/a/x", path("/a").resolve(raw));
    assertWrapped("/a/x", path("/a").resolve(path("x")));
    assertWrapped("/a/x", path("/a").resolve("x"));
    assertWrapped("/x", path("/a").resolve(Stock.RAW.getPath("/x")));
    assertWrapped("/x", path("/a").resolveSibling(raw));
    assertWrapped("/x", path("/a").resolveSibling("x"));
    assertWrapped("x", path("a").resolveSibling(raw));
    assertWrapped("b", path("/a").relativize(Stock.RAW.getPath("/a/b")));
    assertTrue(path("/a/b").startsWith(Stock.RAW.getPath("/a")));
    assertTrue(path("/a/b").endsWith(Stock.RAW.getPath("b")));
    assertTrue(path("/a/b").startsWith("/a"));
    assertTrue(path("/a/b").endsWith("b"));
  }

  @Test
  void testResolve_severalNames() throws Exception {
    assumeTrue(Runtime.version().feature() >= 22, "Path.resolve(String, String...) is new in 22");
    Object byName =
        Path.class
            .getMethod("resolve", String.class, String[].class)
            .invoke(path("/a"), "b", new String[] {"c", "d"});
    assertWrapped("/a/b/c/d", (Path) byName);
    Object byPath =
        Path.class
            .getMethod("resolve", Path.class, Path[].class)
            .invoke(path("/a"), path("b"), new Path[] {Stock.RAW.getPath("c"), path("d")});
    assertWrapped("/a/b/c/d", (Path) byPath);
  }

  @Test
  void testSame_keepsIdentity() {
    Path path = path("/a");
    assertSame(path, path.normalize());
    assertSame(path, path.toAbsolutePath());
  }

  @Test
  void testEquals() {
    assertEquals(path("/a"), path("/a"));
    assertEquals(path("/a").hashCode(), path("/a").hashCode());
    assertNotEquals(path("/a"), path("/b"));
    assertNotEquals(path("/a"), (Object) Stock.RAW.getPath("/a"));
    assertNotEquals(Stock.RAW.getPath("/a"), (Object) path("/a"));
    assertNotEquals(path("/a"), Path.of(URI.create("offload:///a")));
    assertEquals(0, path("/a").compareTo(path("/a")));
    assertEquals(0, path("/a").compareTo(Stock.RAW.getPath("/a")));
    assertEquals(
        List.of(path("a"), path("b")), List.copyOf(new TreeSet<>(List.of(path("b"), path("a")))));
  }

  @Test
  void testConversions(@TempDir Path dir) throws Exception {
    Path wrapped = Stock.wrap(dir);
    assertEquals(dir.toUri(), wrapped.toUri());
    assertEquals(new File("a/b"), path("a/b").toFile());
    assertWrapped(dir.toRealPath().toString(), wrapped.toRealPath());
    assertWrapped(Path.of("x").toAbsolutePath().toString(), path("x").toAbsolutePath());
    // The JDK's is not either.
    assertFalse(Serializable.class.isAssignableFrom(OffloadPath.class));
    assertThrows(InvalidPathException.class, () -> path("a\0b"));
  }

  @Test
  void testGetPath_uriThroughFile() {
    // The JDK takes this form through java.io.File.
    assertWrapped("/a", Stock.PROVIDER.getPath(URI.create("file:/a")));
    assertWrapped("/a", Stock.PROVIDER.getPath(URI.create("file:///a")));
  }

  @Test
  void testRawName_survives(@TempDir Path dir) throws Exception {
    Path raw = Path.of(URI.create(dir.toUri() + "%FF%FEname"));
    Files.writeString(raw, "bytes");
    Path wrapped = Stock.wrap(dir);
    try (var entries = Files.newDirectoryStream(wrapped)) {
      Path entry = entries.iterator().next();
      assertEquals("bytes", Files.readString(entry));
      assertEquals("bytes", Files.readString(wrapped.resolve(entry.getFileName())));
      assertEquals("bytes", Files.readString(wrapped.resolve(raw.getFileName())));
      assertEquals("bytes", Files.readString(entry.toRealPath()));
      Path copy = entry.resolveSibling("copy");
      Files.copy(entry, copy);
      assertEquals("bytes", Files.readString(copy));
      URI uri = Path.of(URI.create("offload" + raw.toUri().toString().substring(4))).toUri();
      assertEquals("bytes", Files.readString(Path.of(uri)));
      Files.delete(entry);
    }
    assertFalse(Files.exists(raw));
  }
}
