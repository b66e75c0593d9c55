package dev.copyoffload.spi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.opentest4j.TestAbortedException;

/**
 * Two new directories, one on each end of a route, in which one row of a table runs; it knows the
 * raw paths, for laying out and looking, and the implementation's, for what is tested.
 */
final class Sandbox implements AutoCloseable {
  private static final int BLOCK = 1 << 20;
  private static final int SHIFTS = 1 << 16;

  /**
   * A block of a file is a window on this; neighbours, and blocks of other files, look elsewhere.
   */
  private static final byte[] NOISE = new byte[BLOCK + SHIFTS];

  static {
    new SplittableRandom(1).nextBytes(NOISE);
  }

  /** When every file of a layout was last changed. */
  static final FileTime OLD = FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));

  private final Route route;
  private final Path from;
  private final Path to;
  private final UnaryOperator<Path> at;
  private final List<String> observations = new ArrayList<>();

  private Sandbox(Route route, Path from, Path to, UnaryOperator<Path> at) {
    this.route = route;
    this.from = from;
    this.to = to;
    this.at = at;
  }

  static Sandbox create(Route route, UnaryOperator<Path> at) throws IOException {
    return new Sandbox(
        route,
        Files.createTempDirectory(route.from().root(), "from"),
        Files.createTempDirectory(route.to().root(), "to"),
        at);
  }

  /** Returns two directories of the default file system as a sandbox that nobody has to remove. */
  static Sandbox existing(Path from, Path to) {
    Route route = new Route(new Volume("from", from, null, null), new Volume("to", to, null, null));
    return new Sandbox(route, from, to, UnaryOperator.identity());
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

  /** Returns the implementation's path in the source's directory, seen by the read-only mount. */
  Path readOnlyFrom(String name) {
    return at.apply(readOnly(route.from(), from).resolve(name));
  }

  /** Returns the implementation's path in the target's directory, seen by the read-only mount. */
  Path readOnlyTo(String name) {
    return at.apply(readOnly(route.to(), to).resolve(name));
  }

  private static Path readOnly(Volume volume, Path directory) {
    Path mount = volume.readOnly();
    Assumptions.assumeTrue(mount != null, volume + " has no read-only mount");
    return requireNonNull(mount).resolve(volume.root().relativize(directory));
  }

  /** Says whether an end is a file system that somebody else has mounted. */
  boolean isOnGiven() {
    return Volumes.isGiven(route.from().name()) || Volumes.isGiven(route.to().name());
  }

  /** Makes a file in the source's directory, with content that depends on its name and size. */
  Sandbox file(String name, long size) throws IOException {
    return old(write(rawFrom(name), size));
  }

  /** Makes a file in the target's directory. */
  Sandbox targetFile(String name, long size) throws IOException {
    return old(write(rawTo(name), size));
  }

  /** Makes a file of holes in the source's directory, with 8 KiB of data at each offset. */
  Sandbox sparse(String name, long size, long... offsets) throws IOException {
    byte[] data = new byte[8192];
    new SplittableRandom(size).nextBytes(data);
    try (RandomAccessFile file = new RandomAccessFile(rawFrom(name).toString(), "rw")) {
      file.setLength(size);
      for (long offset : offsets) {
        file.seek(offset);
        file.write(data);
      }
    }
    return old(rawFrom(name));
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
    if (text == null) {
      return null;
    }
    return anonymous(anonymous(text, route.from(), from, "FROM"), route.to(), to, "TO");
  }

  private static String anonymous(String text, Volume volume, Path directory, String name) {
    String anonymous = text.replace(directory.toString(), name);
    return volume.readOnly() == null
        ? anonymous
        : anonymous.replace(readOnly(volume, directory).toString(), name + " by a read-only mount");
  }

  /** Asks something whose answer, or exception, must be the same in every sandbox. */
  void observe(String what, Question question) {
    String answer;
    try {
      answer = anonymous(String.valueOf(question.answer()));
    } catch (TestAbortedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      answer = e.getClass().getName() + ": " + anonymous(e.getMessage());
    }
    observations.add(what + ": " + answer);
  }

  /** Returns what was observed, a line each. */
  String observed() {
    return String.join("\n", observations);
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
    int seed = (int) (file.getFileName().toString().hashCode() * 31L + size);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long done = 0, n; done < size; done += n, seed += 7919) {
        n = Math.min(size - done, BLOCK);
        out.write(NOISE, Math.floorMod(seed, SHIFTS), (int) n);
      }
    }
    return file;
  }

  private Sandbox old(Path made) throws IOException {
    Files.setLastModifiedTime(made, OLD);
    return this;
  }

  /** Returns the path whose name ends in octets that are no text in any usual encoding. */
  static Path noText(Path path) {
    return Stock.fileSystem().provider().getPath(URI.create(path.toUri() + "%FF%FE%80"));
  }

  /** Something to find out about what is tested. */
  @FunctionalInterface
  interface Question {
    @Nullable Object answer() throws IOException;
  }
}
