package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Path}: every operation says what the built-in path says. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class PathContract extends DiskContract {
  private static final List<String> OTHERS =
      List.of("", "/", ".", "..", "a", "a/b", "/a", "/a/b", "../a", "ä/ö", "/a/b/c");

  private static final List<Function<Path, @Nullable Object>> UNARY =
      List.of(
          Path::getRoot,
          Path::getFileName,
          Path::getParent,
          Path::getNameCount,
          Path::isAbsolute,
          Path::normalize,
          Path::toAbsolutePath,
          p -> p.toUri().getRawPath(),
          p -> p.getName(0),
          p -> p.subpath(0, 2),
          p -> p.getName(-1),
          PathContract::names);

  private static final List<BiFunction<Path, Path, Object>> BINARY =
      List.of(
          Path::resolve,
          Path::resolveSibling,
          Path::relativize,
          Path::startsWith,
          Path::endsWith,
          Path::equals,
          (a, b) -> Integer.signum(a.compareTo(b)),
          (a, b) -> a.resolve(b.toString()),
          (a, b) -> a.resolveSibling(b.toString()),
          (a, b) -> a.startsWith(b.toString()),
          (a, b) -> a.endsWith(b.toString()));

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", ".", "..", "a", "a/b", "/a", "/a/b/c", "a/../b/./c", "//x//y/", "ä/ö"})
  final void testOperations(String text) {
    FileSystem ours = at(route.from().root()).getFileSystem();
    Path path = ours.getPath(text);
    Path raw = Stock.path(text);
    assertEquals(raw.toString(), path.toString());
    assertEquals(raw.toString(), path.toFile().toString());
    assertEquals(path, ours.getPath(text));
    assertEquals(path.hashCode(), ours.getPath(text).hashCode());
    for (Function<Path, @Nullable Object> operation : UNARY) {
      assertEquals(answer(operation, raw), answer(operation, path));
    }
    for (String other : OTHERS) {
      for (BiFunction<Path, Path, Object> operation : BINARY) {
        assertEquals(
            answer(p -> operation.apply(p, Stock.path(other)), raw),
            answer(p -> operation.apply(p, ours.getPath(other)), path),
            () -> BINARY.indexOf(operation) + " with " + other);
      }
    }
  }

  private static String answer(Function<Path, @Nullable Object> operation, Path path) {
    try {
      return String.valueOf(operation.apply(path));
    } catch (IllegalArgumentException e) {
      return e.getClass().getName();
    }
  }

  private static List<String> names(Path path) {
    List<String> names = new ArrayList<>();
    for (Path name : path) {
      names.add(name.toString());
    }
    return names;
  }

  @Test
  final void testToRealPath() throws IOException {
    try (Sandbox s = sandbox()) {
      s.file("a", 1).link("l", "a");
      assertEquals(s.from("a").toRealPath(), s.from("l").toRealPath());
      assertEquals(
          s.rawFrom("l").toRealPath(LinkOption.NOFOLLOW_LINKS).toString(),
          s.from("l").toRealPath(LinkOption.NOFOLLOW_LINKS).toString());
      assertEquals("a", Files.readSymbolicLink(s.from("l")).toString());
    }
  }

  @Test
  final void testEquals_knowsRawNames() throws IOException {
    try (Sandbox s = sandbox()) {
      Path one = s.at(Sandbox.noText(s.rawFrom("x")));
      Path other = s.at(Sandbox.noText(s.rawFrom("y")));
      assertEquals(one, s.at(Sandbox.noText(s.rawFrom("x"))));
      assertNotEquals(one, other);
      assertEquals(one, one.getFileSystem().provider().getPath(one.toUri()));
    }
  }

  @Test
  final void testIsSameFile() throws IOException {
    try (Sandbox s = sandbox()) {
      s.file("a", 1).file("b", 1).link("l", "a");
      assertEquals(true, Files.isSameFile(s.from("a"), s.from("l")));
      assertEquals(false, Files.isSameFile(s.from("a"), s.from("b")));
      assertSame(s.from("a").getFileSystem(), s.from("b").getFileSystem());
    }
  }
}
