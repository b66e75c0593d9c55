package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories: listed, filtered, matched, walked, and held open. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class DirectoryContract extends DiskContract {
  private static Sandbox tree(Sandbox s) throws IOException {
    return s.directory("d")
        .file("d/a.txt", 3)
        .file("d/b.java", 4)
        .directory("d/e")
        .file("d/e/c", 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*.txt", "*.{java,txt}", "[a-b]*", "?", "none", "glob:x", "{"})
  final void testNewDirectoryStream_withGlob(String glob) throws IOException {
    try (Sandbox s = sandbox()) {
      tree(s);
      assertEquals(list(s.rawFrom("d"), glob), list(s.from("d"), glob));
    }
  }

  private static Object list(Path directory, String glob) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      return names(stream);
    } catch (IllegalArgumentException e) {
      return e.getClass();
    }
  }

  private static Set<String> names(Iterable<Path> paths) {
    Set<String> names = new TreeSet<>();
    for (Path path : paths) {
      names.add(path.getFileName().toString());
    }
    return names;
  }

  @Test
  final void testNewDirectoryStream_withFilter() throws IOException {
    try (Sandbox s = tree(sandbox())) {
      Path directory = s.from("d");
      try (DirectoryStream<Path> stream =
          Files.newDirectoryStream(
              directory, p -> directory.equals(p.getParent()) && Files.isRegularFile(p))) {
        assertEquals(Set.of("a.txt", "b.java"), names(stream));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"glob:**.txt", "glob:*.txt", "regex:.*java", "glob:**/d/*"})
  final void testPathMatcher(String pattern) throws IOException {
    try (Sandbox s = tree(sandbox())) {
      for (String name : List.of("d/a.txt", "d/b.java", "d")) {
        assertEquals(
            s.rawFrom(name).getFileSystem().getPathMatcher(pattern).matches(s.rawFrom(name)),
            s.from(name).getFileSystem().getPathMatcher(pattern).matches(s.from(name)),
            name);
      }
    }
  }

  @Test
  final void testWalk() throws IOException {
    try (Sandbox s = tree(sandbox())) {
      Path root = s.from("d");
      try (Stream<Path> walk = Files.walk(root);
          Stream<Path> found = Files.find(root, 5, (p, a) -> a.isRegularFile());
          Stream<Path> list = Files.list(root)) {
        assertEquals(
            List.of("", "a.txt", "b.java", "e", "e/c"),
            walk.map(root::relativize).map(Path::toString).sorted().toList());
        assertEquals(3, found.count());
        assertEquals(3, list.count());
      }
    }
  }

  @Test
  final void testWalkFileTree_copiesAndDeletes() throws IOException {
    try (Sandbox s = tree(sandbox())) {
      Path source = s.from("d");
      Path target = s.to("d");
      Files.walkFileTree(
          source,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes a)
                throws IOException {
              Files.copy(directory, target.resolve(source.relativize(directory)));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
              Files.copy(file, target.resolve(source.relativize(file)));
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
      assertFalse(Files.exists(s.rawFrom("d")));
      assertEquals(5, Files.size(s.rawTo("d/e/c")));
    }
  }

  @Test
  final void testSecureDirectoryStream() throws IOException {
    try (Sandbox s = tree(sandbox())) {
      s.targetDirectory("t");
      try (SecureDirectoryStream<Path> d = secure(s.from("d"));
          SecureDirectoryStream<Path> e = d.newDirectoryStream(relative(s, "e"));
          SecureDirectoryStream<Path> t = secure(s.to("t"))) {
        assertEquals(Set.of("c"), names(e));
        try (var channel =
            d.newByteChannel(
                relative(s, "new"),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
          assertEquals(2, channel.write(ByteBuffer.wrap(new byte[] {1, 2})));
        }
        assertEquals(
            4,
            d.getFileAttributeView(relative(s, "b.java"), BasicFileAttributeView.class)
                .readAttributes()
                .size());
        d.deleteFile(relative(s, "a.txt"));
        d.move(relative(s, "new"), t, relative(s, "moved"));
        e.deleteFile(relative(s, "c"));
        d.deleteDirectory(relative(s, "e"));
      }
      assertEquals(2, Files.size(s.rawTo("t/moved")));
      assertEquals(Set.of("b.java"), list(s.rawFrom("d"), "*"));
    }
  }

  @SuppressWarnings({"unchecked", "StreamResourceLeak"}) // the caller closes it
  private static SecureDirectoryStream<Path> secure(Path directory) throws IOException {
    return (SecureDirectoryStream<Path>)
        assertInstanceOf(SecureDirectoryStream.class, Files.newDirectoryStream(directory));
  }

  private static Path relative(Sandbox s, String name) {
    return s.from("d").getFileSystem().getPath(name);
  }

  @Test
  final void testTemporaryFiles() throws IOException {
    try (Sandbox s = sandbox()) {
      Path file = Files.createTempFile(s.from(""), "a", ".b");
      Path directory = Files.createTempDirectory(s.from(""), "a");
      assertTrue(file.startsWith(s.from("")));
      assertTrue(Files.isDirectory(directory));
      // The JDK chooses these for its default file system alone.
      if (s.from("").getFileSystem() == FileSystems.getDefault()) {
        assertEquals("rw-------", permissions(file));
        assertEquals("rwx------", permissions(directory));
      }
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
