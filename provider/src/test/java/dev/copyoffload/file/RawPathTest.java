package dev.copyoffload.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ways to the bytes of a path: within java.base, and from its URI where that is closed. */
class RawPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a, /a",
    "/a/, /a",
    "/a/b, /a/b",
    "/%41%7E%7e, /A~~",
    "/a%20b/%25, /a b/%",
    "/%C3%A4%80%ff, /\u00C3\u00A4\u0080\u00FF"
  })
  void testFromUri(String uriPath, String latin1) {
    byte[] expected = (latin1 + "\0").getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(expected, RawPath.fromUri(uriPath));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a b", "%25", "a%b", "#?;", "x/y"})
  void testBothWays(String name, @TempDir Path directory) {
    Path path = directory.resolve(name);
    byte[] bytes = (path + "\0").getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(bytes, RawPath.of(path));
    assertArrayEquals(bytes, RawPath.fromUri(path.toUri().getRawPath()));
  }

  @Test
  void testDirectory(@TempDir Path directory) {
    assertArrayEquals(RawPath.of(directory), RawPath.fromUri(directory.toUri().getRawPath()));
  }
}
