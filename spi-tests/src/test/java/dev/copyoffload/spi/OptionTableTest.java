package dev.copyoffload.spi;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static dev.copyoffload.OffloadCopyOption.DEDUPE;
import static dev.copyoffload.OffloadCopyOption.NO_REFLINK;
import static dev.copyoffload.OffloadCopyOption.REFLINK;
import static dev.copyoffload.OffloadCopyOption.SPARSE_ALWAYS;
import static dev.copyoffload.OffloadCopyOption.SPARSE_NEVER;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.Platform;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** What each option does on each file system; leaves the table in target/copy-options.md. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class OptionTableTest {
  private static final int SIZE = 8 << 20;
  private static final int BLOCK = 512;
  private static final int DATA = 64 << 10;
  private static final List<String> SHARING = List.of("btrfs", "xfs", "overlay");
  private static final Map<String, Map<OffloadCopyOption, String>> TABLE = new TreeMap<>();

  @Parameter Route route;

  private Path directory;

  @BeforeEach
  void prepare() throws IOException {
    route.require();
    Assumptions.assumeFalse(route.from().name().equals("local"), "an unknown file system");
    NativeCode.require();
    directory = Files.createTempDirectory(route.from().root(), "options");
  }

  @AfterEach
  void remove() throws IOException {
    if (directory != null) {
      TreeDeletion.of(directory);
    }
  }

  @AfterAll
  static void write() throws IOException {
    if (TABLE.isEmpty()) {
      return;
    }
    List<String> volumes = List.copyOf(TABLE.keySet());
    List<String> lines = new ArrayList<>();
    lines.add("| | " + String.join(" | ", volumes) + " |");
    lines.add("|---|" + "---|".repeat(volumes.size()));
    for (OffloadCopyOption option : OffloadCopyOption.values()) {
      StringBuilder line = new StringBuilder("| `" + option + "` |");
      for (String volume : volumes) {
        line.append(' ').append(Objects.requireNonNull(TABLE.get(volume)).get(option)).append(" |");
      }
      lines.add(line.toString());
    }
    Files.write(Path.of("target", "copy-options.md"), lines);
  }

  private void found(OffloadCopyOption option, String what) {
    TABLE.computeIfAbsent(route.from().name(), name -> new TreeMap<>()).put(option, what);
  }

  private boolean shares() {
    return SHARING.contains(route.from().name());
  }

  private Path source() {
    return directory.resolve("source");
  }

  private Path target() {
    return directory.resolve("target");
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static long blocks(Path file) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toString(), "rw")) {
      // Blocks are counted when they are written out.
      open.getFD().sync();
    }
    long[] status = new long[FileStatus.LONGS];
    byte[] path = (file + "\0").getBytes(StandardCharsets.UTF_8);
    assertEquals(0, Objects.requireNonNull(Platform.load()).statx(path, true, status));
    return FileStatus.of(status).blocks();
  }

  private FileSystemException assertRefused(CopyOption... options) {
    FileSystemException refused =
        assertThrows(
            FileSystemException.class, () -> CopyOffload.copy(source(), target(), options));
    // Overlay and others have one name in the mount table.
    assertTrue(refused.getReason().endsWith(", on " + route.from().name()), refused::getReason);
    return refused;
  }

  private static String call(FileSystemException refused) {
    return "refused: `" + refused.getReason().replaceFirst("^[A-Z]+: ", "") + "`";
  }

  @Test
  void testReflink() throws IOException {
    Files.write(source(), random(SIZE));
    if (shares()) {
      CopyOffload.copy(source(), target(), REFLINK);
      assertEquals(-1, Files.mismatch(source(), target()));
      assertEquals(SIZE, Extents.sharedBytes(target()));
      found(REFLINK, "shared");
    } else {
      found(REFLINK, call(assertRefused(REFLINK)));
      assertFalse(Files.exists(target()));
      Files.write(target(), new byte[] {1, 2, 3});
      assertRefused(REFLINK, REPLACE_EXISTING);
      assertEquals(3, Files.size(target()));
    }
    Files.write(source(), new byte[0]);
    CopyOffload.copy(source(), target(), REFLINK, REPLACE_EXISTING);
    assertEquals(0, Files.size(target()));
  }

  @Test
  void testNoReflink() throws IOException {
    Files.write(source(), random(SIZE));
    CopyOffload.copy(source(), target(), NO_REFLINK);
    assertEquals(-1, Files.mismatch(source(), target()));
    if (shares()) {
      assertEquals(0, Extents.sharedBytes(target()));
    }
    assertTrue(blocks(target()) >= SIZE / BLOCK);
    found(NO_REFLINK, "stored twice");
  }

  @Test
  void testSparseAlways() throws IOException {
    byte[] content = new byte[SIZE];
    System.arraycopy(random(DATA), 0, content, SIZE / 2, DATA);
    Files.write(source(), content);
    assertTrue(blocks(source()) >= SIZE / BLOCK);
    CopyOffload.copy(source(), target(), SPARSE_ALWAYS);
    assertEquals(-1, Files.mismatch(source(), target()));
    long blocks = blocks(target());
    assertTrue(blocks <= 2 * DATA / BLOCK, () -> blocks + " blocks");
    found(SPARSE_ALWAYS, "zeros become holes");
  }

  @Test
  void testSparseNever() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(source().toString(), "rw")) {
      file.setLength(SIZE);
      file.seek(SIZE / 2);
      file.write(random(DATA));
    }
    CopyOffload.copy(source(), target(), SPARSE_NEVER);
    assertEquals(-1, Files.mismatch(source(), target()));
    long blocks = blocks(target());
    assertTrue(blocks >= SIZE / BLOCK, () -> blocks + " blocks");
    found(SPARSE_NEVER, "holes are written");
  }

  private List<String> names() {
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void testAtomicTarget() throws IOException {
    Files.write(source(), random(SIZE));
    List<List<String>> seen = new ArrayList<>();
    CopyOption look = CopyProgress.of((done, total) -> seen.add(names()));
    CopyOffload.copy(source(), target(), ATOMIC_TARGET, look);
    assertEquals(-1, Files.mismatch(source(), target()));
    List<String> before = seen.get(seen.size() - 1);
    assertFalse(before.contains("target"), before::toString);
    found(ATOMIC_TARGET, before.size() == 1 ? "unnamed until complete" : "another name first");
    Files.write(target(), random(100));
    CopyOffload.copy(source(), target(), ATOMIC_TARGET, REPLACE_EXISTING);
    assertEquals(-1, Files.mismatch(source(), target()));
    assertEquals(List.of("source", "target"), names());
  }

  @Test
  void testDedupe() throws IOException {
    byte[] content = random(SIZE * 8 - 1234);
    Files.write(source(), content);
    Files.write(target(), content);
    FileTime time = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(target(), time);
    if (shares()) {
      long shared = CopyOffload.dedupe(source(), target());
      assertTrue(shared > content.length - 4096, () -> shared + " bytes");
      assertTrue(Extents.sharedBytes(target()) >= shared);
      assertEquals(-1, Files.mismatch(source(), target()));
      assertEquals(time, Files.getLastModifiedTime(target()));
      found(DEDUPE, "shared afterwards");
    } else {
      found(DEDUPE, call(assertRefused(DEDUPE)));
    }
    byte[] other = content.clone();
    other[content.length - 5]++;
    Files.write(target(), other);
    Files.setLastModifiedTime(target(), time);
    FileSystemException refused = assertRefused(DEDUPE);
    if (shares()) {
      String piece = "between offsets " + (48 << 20) + " and " + content.length;
      assertTrue(refused.getReason().contains(piece), refused::getReason);
    }
    assertTrue(Arrays.equals(other, Files.readAllBytes(target())));
    assertEquals(time, Files.getLastModifiedTime(target()));
    Files.write(target(), random(100));
    assertTrue(assertRefused(DEDUPE).getReason().contains("sizes differ"));
  }

  private String refusalOfRange(long sourceOffset, long targetOffset, long length) {
    FileSystemException refused =
        assertThrows(
            FileSystemException.class,
            () -> CopyOffload.dedupe(source(), sourceOffset, target(), targetOffset, length));
    assertTrue(refused.getReason().endsWith(", on " + route.from().name()), refused::getReason);
    return refused.getReason();
  }

  @Test
  void testDedupeRange() throws IOException {
    int tail = 1234;
    byte[] content = random(SIZE + tail);
    Files.write(source(), content);
    byte[] shifted = random(2 * SIZE + tail);
    System.arraycopy(content, 0, shifted, SIZE, SIZE + tail);
    Files.write(target(), shifted);
    FileTime time = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(target(), time);
    if (!shares()) {
      String reason = refusalOfRange(DATA, SIZE + DATA, DATA);
      assertTrue(reason.contains("ioctl(FIDEDUPERANGE)"), reason);
      return;
    }
    assertEquals(DATA, CopyOffload.dedupe(source(), DATA, target(), SIZE + DATA, DATA));
    assertEquals(DATA, Extents.sharedBytes(target()));
    assertTrue(refusalOfRange(1, SIZE, DATA).contains("the source's offset 1 is no multiple"));
    assertTrue(refusalOfRange(0, SIZE, DATA + 1).contains("is no multiple of the block size"));
    assertTrue(refusalOfRange(0, 2 * SIZE, SIZE).contains("behind the target's"));
    String piece = DATA + " and " + 2 * DATA + " of the source, 0 of the target";
    assertTrue(refusalOfRange(DATA, 0, DATA).contains("differ between offsets " + piece));
    assertEquals(DATA, Extents.sharedBytes(target()));
    long all = CopyOffload.dedupe(source(), 0, target(), SIZE, SIZE + tail);
    assertTrue(all >= SIZE, () -> all + " bytes");
    assertTrue(Extents.sharedBytes(target()) >= SIZE);
    assertEquals(time, Files.getLastModifiedTime(target()));
    assertTrue(Arrays.equals(shifted, Files.readAllBytes(target())));
    assertTrue(Arrays.equals(content, Files.readAllBytes(source())));
  }
}
