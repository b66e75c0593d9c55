package dev.copyoffload.tree;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which names of a file are links to its copy. */
class HardLinksTest {
  @TempDir Path dir;

  private final HardLinks links = new HardLinks();

  private static TreeEntry entry(String name, int names, @Nullable Object key) {
    return new TreeEntry(
        null, Path.of("/source", name), Path.of(name), TreeEntry.Kind.FILE, 1, 0644, names, key);
  }

  private TreeEntry entry(String name) throws IOException {
    return TreeEntry.of(null, dir.resolve(name), Path.of(name), true);
  }

  private Path file(String name) throws IOException {
    return Files.writeString(dir.resolve(name), name);
  }

  private Map<String, String> made() {
    Map<String, String> made = new HashMap<>();
    links.make(
        (other, first) -> made.put(other.target().toString(), first.entry().target().toString()));
    return made;
  }

  @Test
  void testLinks() throws IOException {
    Files.createLink(dir.resolve("b"), file("a"));
    file("c");
    assertTrue(links.isFirst(entry("a")));
    assertFalse(links.isFirst(entry("b")));
    assertTrue(links.isFirst(entry("c")));
    assertEquals(Map.of("b", "a"), made());
  }

  /** A number alone says nothing: the file may have been deleted, and the number be another's. */
  @Test
  void testOneName_isNoLink() {
    assertTrue(links.isFirst(entry("gone", 1, "inode")));
    assertTrue(links.isFirst(entry("new", 2, "inode")));
    assertFalse(links.isFirst(entry("other", 2, "inode")));
    assertEquals(Map.of("other", "new"), made());
  }

  @Test
  void testNumberOfAnother() throws IOException {
    Files.createLink(dir.resolve("b"), file("a"));
    Object number = Files.getAttribute(dir.resolve("a"), "unix:ino");
    TreeEntry first = entry("a");
    assertEquals(first.key(), entry("b").key());
    Files.delete(dir.resolve("a"));
    Files.delete(dir.resolve("b"));
    Path reused = null;
    for (int i = 0; i < 100 && reused == null; i++) {
      Path other = file("other" + i);
      reused = Files.getAttribute(other, "unix:ino").equals(number) ? other : null;
    }
    assumeTrue(reused != null, "this file system does not reuse numbers at once");
    Files.createLink(dir.resolve("c"), requireNonNull(reused));
    assertNotEquals(first.key(), entry("c").key());
    assertTrue(links.isFirst(first));
    assertTrue(links.isFirst(entry("c")));
  }

  /** What a name refers to may get more names while the tree is copied. */
  @Test
  void testAllNamesSeen() {
    assertTrue(links.isFirst(entry("1", 3, "key")));
    assertFalse(links.isFirst(entry("2", 3, "key")));
    assertFalse(links.isFirst(entry("3", 3, "key")));
    assertTrue(links.isFirst(entry("4", 4, "key")), "forgotten when all were seen");
    assertFalse(links.isFirst(entry("5", 4, "key")));
    assertEquals(Map.of("2", "1", "3", "1", "5", "4"), made());
  }

  @Test
  void testCopied() {
    TreeEntry first = entry("1", 3, "key");
    assertTrue(links.isFirst(first));
    assertFalse(links.isFirst(entry("2", 3, "key")));
    List<@Nullable Object> keys = new ArrayList<>();
    links.make((other, copy) -> assertNull(copy.key(), "not copied yet, or not at all"));
    links.copied(first, "copy");
    links.copied(entry("elsewhere", 2, "other key"), "other copy");
    links.make((other, copy) -> keys.add(copy.key()));
    assertEquals(List.of("copy"), keys);
  }

  @Test
  void testWithoutKey() {
    assertTrue(links.isFirst(entry("a", 2, null)));
    assertTrue(links.isFirst(entry("b", 2, null)));
  }
}
