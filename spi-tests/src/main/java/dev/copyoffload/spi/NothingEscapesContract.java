package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Every path that comes from a path, a file system or a provider belongs to the same ones. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class NothingEscapesContract extends DiskContract {
  @Test
  final void testPaths() throws IOException {
    try (Sandbox s = sandbox()) {
      s.directory("d").file("d/a", 3).link("l", "d/a");
      Path file = s.from("d/a");
      FileSystem owner = file.getFileSystem();
      assertSame(owner, owner.provider().getFileSystem(rootOf(file)));
      paths(s, file)
          .forEach(
              (how, path) -> {
                assertEquals(file.getClass(), path.getClass(), how);
                assertSame(owner, path.getFileSystem(), how);
              });
    }
  }

  private static URI rootOf(Path file) {
    return URI.create(file.toUri().getScheme() + ":///");
  }

  private static Map<String, Path> paths(Sandbox s, Path file) throws IOException {
    Map<String, Path> paths = new LinkedHashMap<>();
    paths.put("root", file.getRoot());
    paths.put("name", file.getFileName());
    paths.put("parent", file.getParent());
    paths.put("one name", file.getName(0));
    paths.put("subpath", file.subpath(0, 1));
    paths.put("normalized", file.normalize());
    paths.put("resolved", file.resolve("x"));
    paths.put("resolved path", file.resolve(s.from("x")));
    paths.put("sibling", file.resolveSibling("x"));
    paths.put("relative", file.relativize(s.from("x")));
    paths.put("absolute", file.getFileName().toAbsolutePath());
    paths.put("real", file.toRealPath());
    paths.put("real link", s.from("l").toRealPath(LinkOption.NOFOLLOW_LINKS));
    paths.put("iterated", file.iterator().next());
    paths.put("link's target", Files.readSymbolicLink(s.from("l")));
    paths.put("of the file system", file.getFileSystem().getPath("x", "y"));
    paths.put("root directory", file.getFileSystem().getRootDirectories().iterator().next());
    paths.put("of a URI", file.getFileSystem().provider().getPath(file.toUri()));
    paths.put("temporary file", Files.createTempFile(s.to(""), "a", "b"));
    paths.put("temporary directory", Files.createTempDirectory(s.to(""), "a"));
    paths.put("copied", Files.copy(file, s.to("copied")));
    paths.put("moved", Files.move(s.to("copied"), s.to("moved")));
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(s.from("d"))) {
      paths.put("listed", stream.iterator().next());
    }
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(s.from("d"), path -> paths.put("filtered", path) == null)) {
      stream.forEach(path -> paths.put("passed", path));
    }
    try (Stream<Path> walk = Files.walk(s.from("d"))) {
      paths.put("walked", walk.reduce((a, b) -> b).orElseThrow());
    }
    return paths;
  }
}
