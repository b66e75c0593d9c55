package dev.copyoffload.spi;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Two new directories, one on each end of a route, in which one row of a table runs; it knows the
 * raw paths, for laying out and looking, and the implementation's, for what is tested.
 */
final class Sandbox implements AutoCloseable {
  /** When every file of a layout was last changed. */
  static final FileTime OLD = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));

  private final Path from;
  private final Path to;
  private final UnaryOperator<Path> at;

  private Sandbox(Path from, Path to, UnaryOperator<Path> at) {
    this.from = from;
    this.to = to;
    this.at = at;
  }

  static Sandbox create(Route route, UnaryOperator<Path> at) throws IOException {
    return new Sandbox(
        Files.createTempDirectory(route.from().root(), "from"),
        Files.createTempDirectory(route.to().root(), "to"),
        at);
  }

  /** Returns the implementation's path in the source's directory. */
  Path from(String name) {
    return at.apply(rawFrom(name));
  }

  /** Returns the implementation's path in the target's directory. */
  Path to(String name) {
    return at.apply(rawTo(name));
  }

  /** Returns the implementation's path for any raw path. */
  Path at(Path raw) {
    return at.apply(raw);
  }

  Path rawFrom(String name) {
    return from.resolve(name);
  }

  Path rawTo(String name) {
    return to.resolve(name);
  }

  /** Makes a file in the source's directory, with content that depends on its name and size. */
  Sandbox file(String name, long size) throws IOException {
    return old(write(rawFrom(name), size));
  }

  /** Makes a file in the target's directory. */
  Sandbox targetFile(String name, long size) throws IOException {
    return old(write(rawTo(name), size));
  }

  Sandbox directory(String name) throws IOException {
    return old(Files.createDirectory(rawFrom(name)));
  }

  Sandbox targetDirectory(String name) throws IOException {
    return old(Files.createDirectory(rawTo(name)));
  }

  /** Makes a symbolic link in the source's directory. */
  Sandbox link(String name, String target) throws IOException {
    Files.createSymbolicLink(rawFrom(name), Stock.path(target));
    return this;
  }

  Sandbox targetLink(String name, String target) throws IOException {
    Files.createSymbolicLink(rawTo(name), Stock.path(target));
    return this;
  }

  /** Makes directories and everything in them accessible to everyone. */
  Sandbox open() throws IOException {
    for (Path directory : new Path[] {from, to}) {
      Command.run("chmod", "-R", "a+rwX", directory.toString());
    }
    return this;
  }

  /** Replaces the names of the two directories by the same words in every sandbox. */
  @Nullable String anonymous(@Nullable String text) {
    return text == null ? null : text.replace(from.toString(), "FROM").replace(to.toString(), "TO");
  }

  /** Describes all that is in the two directories. */
  String snapshot() throws IOException {
    return Snapshot.of(from, "FROM") + Snapshot.of(to, "TO");
  }

  @Override
  public void close() throws IOException {
    TreeDeletion.of(from);
    TreeDeletion.of(to);
  }

  private static Path write(Path file, long size) throws IOException {
    Random random = new Random(file.getFileName().toString().hashCode() * 31L + size);
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] buffer = new byte[(int) Math.min(size, 1 << 20)];
      for (long left = size; left > 0; left -= buffer.length) {
        random.nextBytes(buffer);
        out.write(buffer, 0, (int) Math.min(left, buffer.length));
      }
    }
    return file;
  }

  private Sandbox old(Path made) throws IOException {
    Files.setLastModifiedTime(made, OLD);
    return this;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
