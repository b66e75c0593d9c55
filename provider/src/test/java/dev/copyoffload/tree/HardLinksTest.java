package dev.copyoffload.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which names of a file are links to its copy. */
class HardLinksTest {
  @TempDir Path dir;

  private final HardLinks links = new HardLinks();

  private Node node(String name, @Nullable Object key) {
    return new Node(dir.resolve(name), Path.of("/target", name), Node.Kind.FILE, 1, key, null);
  }

  private Path file(String name) throws IOException {
    return Files.writeString(dir.resolve(name), name);
  }

  private Map<Path, Path> made() {
    Map<Path, Path> made = new HashMap<>();
    links.make((other, first) -> made.put(other.target(), first));
    return made;
  }

  @Test
  void testLinks() throws IOException {
    Path a = file("a");
    Files.createLink(dir.resolve("b"), a);
    assertTrue(links.isFirst(Node.of(a, Path.of("/target/a"), true)));
    assertFalse(links.isFirst(Node.of(dir.resolve("b"), Path.of("/target/b"), true)));
    assertTrue(links.isFirst(Node.of(file("c"), Path.of("/target/c"), true)));
    assertEquals(Map.of(Path.of("/target/b"), Path.of("/target/a")), made());
  }

  /** A file is gone when its inode is another's, which must not become a link to the first copy. */
  @Test
  void testInodeOfAnother() throws IOException {
    Object inode = new Object();
    assertTrue(links.isFirst(node("gone", inode)));
    Files.createLink(dir.resolve("linked"), file("gone"));
    assertFalse(links.isFirst(node("linked", inode)));
    file("new");
    assertTrue(links.isFirst(node("new", inode)));
    Files.createLink(dir.resolve("other"), dir.resolve("new"));
    assertFalse(links.isFirst(node("other", inode)));
    assertEquals(
        Map.of(
            Path.of("/target/linked"),
            Path.of("/target/gone"),
            Path.of("/target/other"),
            Path.of("/target/new")),
        made());
  }

  @Test
  void testManyFiles() throws IOException {
    Object inode = new Object();
    assertTrue(links.isFirst(node("first", inode)));
    file("one");
    for (int i = 0; i < 40_000; i++) {
      assertTrue(links.isFirst(node("one", new Object())));
    }
    Files.createLink(dir.resolve("second"), file("first"));
    assertFalse(links.isFirst(node("second", inode)));
    Object late = new Object();
    assertTrue(links.isFirst(node("first", late)));
    assertFalse(links.isFirst(node("second", late)));
  }

  @Test
  void testWithoutKey() throws IOException {
    assertTrue(links.isFirst(node("a", null)));
    assertTrue(links.isFirst(node("b", null)));
  }
}
