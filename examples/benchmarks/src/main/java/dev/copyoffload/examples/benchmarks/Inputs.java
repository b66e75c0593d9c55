package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.TreeDeletion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is copied: files and trees that are made once, and a directory for copies, in each place.
 */
final class Inputs implements AutoCloseable {
  private static final int CHUNK = 1 << 20;
  private static final int SPARSE_PIECES = 4;
  private static final int SPARSE_PIECE_BYTES = 64 << 10;
  private static final int FILES_PER_DIRECTORY = 100;
  private static final int TREE_FILE_BYTES = 4 << 10;

  private final Map<Place, Path> roots = new HashMap<>();
  private final byte[] noise = new byte[CHUNK];

  Inputs() {
    // What compresses would be another benchmark on some file systems.
    new Random(20261122).nextBytes(noise);
  }

  /** A directory for copies. */
  Path copies(Place place) throws IOException {
    return Files.createDirectories(root(place).resolve("copies"));
  }

  Path file(Place place, Size size) throws IOException {
    Path file = root(place).resolve(size.name());
    if (!Files.exists(file)) {
      write(file, size);
    }
    return file;
  }

  /** A directory of equal files. */
  Path files(Place place, int count, int bytes) throws IOException {
    Path directory = Files.createDirectory(root(place).resolve("files"));
    for (int i = 0; i < count; i++) {
      try (SeekableByteChannel out = create(directory.resolve("file-" + i))) {
        writeNoise(out, bytes);
      }
    }
    return directory;
  }

  /** A directory of copies of those jars. */
  Path jars(Place place, List<Path> jars) throws IOException {
    Path directory = Files.createDirectory(root(place).resolve("jars"));
    for (int i = 0; i < jars.size(); i++) {
      Files.copy(jars.get(i), directory.resolve(i + ".jar"));
    }
    return directory;
  }

  /** A tree of files of 4 KiB. */
  Path tree(Place place, int files) throws IOException {
    Path tree = root(place).resolve("tree-" + files);
    if (!Files.exists(tree)) {
      ByteBuffer bytes = ByteBuffer.wrap(noise, 0, TREE_FILE_BYTES);
      for (int i = 0; i < files; i++) {
        Path directory = tree.resolve("directory-" + i / FILES_PER_DIRECTORY);
        if (i % FILES_PER_DIRECTORY == 0) {
          Files.createDirectories(directory);
        }
        try (SeekableByteChannel out = create(directory.resolve("file-" + i))) {
          out.write(bytes.rewind());
        }
      }
    }
    return tree;
  }

  /** Has the kernel write out what was made: a reflink would do so first, and be timed for it. */
  void sync() throws IOException, InterruptedException {
    for (Path root : roots.values()) {
      try {
        new ProcessBuilder("sync", "-f", root.toString()).inheritIO().start().waitFor();
      } catch (IOException e) {
        throw new IOException("sync(1) is needed", e);
      }
    }
  }

  /** Removes all of it. */
  @Override
  public void close() throws IOException {
    for (Path root : roots.values()) {
      TreeDeletion.of(root);
    }
    roots.clear();
  }

  private Path root(Place place) throws IOException {
    Path root = roots.get(place);
    if (root == null) {
      root = Files.createTempDirectory(place.directory().toRealPath(), "copyoffload-benchmarks");
      roots.put(place, root);
    }
    return root;
  }

  private void write(Path file, Size size) throws IOException {
    try (SeekableByteChannel out = create(file)) {
      if (size.isSparse()) {
        for (int piece = 1; piece <= SPARSE_PIECES; piece++) {
          out.position(size.bytes() * piece / SPARSE_PIECES - SPARSE_PIECE_BYTES);
          out.write(ByteBuffer.wrap(noise, 0, SPARSE_PIECE_BYTES));
        }
        return;
      }
      writeNoise(out, size.bytes());
    }
  }

  private void writeNoise(SeekableByteChannel out, long bytes) throws IOException {
    for (long left = bytes; left > 0; left -= CHUNK) {
      out.write(ByteBuffer.wrap(noise, 0, (int) Math.min(CHUNK, left)));
    }
  }

  private static SeekableByteChannel create(Path file) throws IOException {
    return Files.newByteChannel(
        file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE);
  }
}
