package dev.copyoffload.spi;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.copyoffload.CopyOffload;
import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.OffloadFileSystemProvider;
import dev.copyoffload.TreeCopyException;
import dev.copyoffload.TreeCopyOption;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whole trees, on every file system that is there and between unlike providers. */
@ExtendWith(VolumesParameter.class)
final class TreeCopyTest {
  private static final Random RANDOM = new Random(6);

  @TempDir private Path dir;

  private Path source() {
    return dir.resolve("source");
  }

  private Path target() {
    return dir.resolve("target");
  }

  private static Path file(Path path, int size) throws IOException {
    byte[] bytes = new byte[size];
    RANDOM.nextBytes(bytes);
    Files.createDirectories(path.getParent());
    return Files.write(path, bytes);
  }

  /** Something of everything, and enough files for several threads. */
  private static void layOut(Path root) throws IOException {
    for (int i = 0; i < 300; i++) {
      file(root.resolve("many/" + i % 7 + "/file" + i), 1 + i * 17);
    }
    file(root.resolve("large"), 3 << 20);
    Files.createFile(root.resolve("empty"));
    Files.createDirectories(root.resolve("empty directory/in another"));
    Files.createSymbolicLink(root.resolve("link"), Stock.path("large"));
    Files.createSymbolicLink(root.resolve("dangling"), Stock.path("nowhere/at all"));
    Files.createSymbolicLink(root.resolve("up"), Stock.path(".."));
    Path first = file(root.resolve("many/1/several names"), 5000);
    Files.createLink(root.resolve("second name"), first);
    Files.createLink(root.resolve("many/2/third name"), first);
  }

  private static void setAttributes(Path root) throws IOException {
    Libc.xattr(root.resolve("large"), "user.note", new byte[] {1, 0, 2});
    Libc.xattr(root.resolve("many/3"), "user.note", new byte[] {3});
    if (Privilege.isRoot()) {
      Attributes.setAll(root.resolve("empty"), 0104750);
      Attributes.setAll(root.resolve("many/4"), 0042755);
    }
    Files.setPosixFilePermissions(
        root.resolve("many/5"), PosixFilePermissions.fromString("r-xr-x---"));
    Files.setPosixFilePermissions(
        root.resolve("many/6/file6"), PosixFilePermissions.fromString("r--------"));
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        // Setting them through a link would change another file, and opening a pipe waits.
        if (Files.isDirectory(file, NOFOLLOW_LINKS) || Files.isRegularFile(file, NOFOLLOW_LINKS)) {
          Files.setLastModifiedTime(file, Sandbox.OLD);
        }
      }
    }
  }

  private static String snapshot(Path root) throws IOException {
    return Snapshot.of(root, "tree");
  }

  /** What a copy without attributes keeps: names, kinds and contents. */
  private static List<String> contents(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted().toList()) {
        String what =
            Files.isSymbolicLink(file)
                ? "-> " + Files.readSymbolicLink(file)
                : Files.isRegularFile(file)
                    ? java.util.Arrays.hashCode(Files.readAllBytes(file)) + ""
                    : Files.isDirectory(file) ? "directory" : "other";
        lines.add(root.relativize(file) + " " + what);
      }
    }
    return lines;
  }

  private static void assertNoThreadsLeft() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      assertFalse(thread.getName().startsWith("copyoffload-tree"), thread::toString);
    }
  }

  @Test
  void testWholeTree(Volumes volumes) throws IOException {
    // It alone copies the xattrs of directories.
    NativeCode.require();
    for (Volume volume : volumes.all()) {
      if (volume.missing() != null) {
        continue;
      }
      Path base = Files.createTempDirectory(volume.root(), "tree");
      try {
        Path from = Files.createDirectory(base.resolve("from"));
        layOut(from);
        setAttributes(from);
        CopyOffload.copyTree(from, base.resolve("to"), COPY_ATTRIBUTES);
        assertEquals(snapshot(from), snapshot(base.resolve("to")), volume.name());
        for (String name : List.of("second name", "many/2/third name")) {
          assertTrue(
              Files.isSameFile(
                  base.resolve("to/many/1/several names"), base.resolve("to").resolve(name)));
        }
        CopyOffload.copyTree(from, base.resolve("plain"));
        assertEquals(contents(from), contents(base.resolve("plain")), volume.name());
        assertEquals(
            "r-xr-x---",
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(base.resolve("plain/many/5"))));
        assertNoThreadsLeft();
      } finally {
        TreeDeletion.of(base);
      }
    }
  }

  @Test
  void testLinkTimes() throws IOException {
    Files.createDirectory(source());
    Path link = Files.createSymbolicLink(source().resolve("link"), Stock.path("x"));
    Files.getFileAttributeView(
            link, java.nio.file.attribute.BasicFileAttributeView.class, NOFOLLOW_LINKS)
        .setTimes(FileTime.fromMillis(1_000_000), null, null);
    CopyOffload.copyTree(source(), target(), COPY_ATTRIBUTES);
    assertEquals(
        FileTime.fromMillis(1_000_000),
        Files.getLastModifiedTime(target().resolve("link"), NOFOLLOW_LINKS));
  }

  @Test
  void testExisting() throws IOException {
    file(source().resolve("a/file"), 10);
    file(source().resolve("b/file"), 10);
    file(target().resolve("a/file"), 20);
    file(target().resolve("a/kept"), 30);
    assertThrows(FileAlreadyExistsException.class, () -> CopyOffload.copyTree(source(), target()));
    assertEquals(20, Files.size(target().resolve("a/file")));
    // A link that leads out of the target must not be written through.
    Path outside = Files.createDirectory(dir.resolve("outside"));
    Files.createSymbolicLink(target().resolve("b"), outside);
    CopyOffload.copyTree(source(), target(), REPLACE_EXISTING);
    assertEquals(10, Files.size(target().resolve("a/file")));
    assertEquals(30, Files.size(target().resolve("a/kept")));
    assertTrue(Files.isDirectory(target().resolve("b"), NOFOLLOW_LINKS));
    assertTrue(Files.isRegularFile(target().resolve("b/file")));
    try (var left = Files.list(outside)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void testExisting_hardLinks() throws IOException {
    Path first = file(source().resolve("first"), 10);
    Files.createLink(source().resolve("second"), first);
    CopyOffload.copyTree(source(), target());
    CopyOffload.copyTree(source(), target(), REPLACE_EXISTING);
    assertTrue(Files.isSameFile(target().resolve("first"), target().resolve("second")));
    assertEquals(2, Files.getAttribute(target().resolve("first"), "unix:nlink"));
  }

  /** Whichever is copied first: what cannot be copied has no other names, and the rest have. */
  @Test
  void testHardLinks_oneFails() throws IOException {
    Path first = file(source().resolve("a"), 5000);
    Files.createLink(source().resolve("b"), first);
    Files.createLink(source().resolve("c"), first);
    List<String> names = List.of("a", "b", "c");
    for (String failing : names) {
      Path to = Files.createDirectory(dir.resolve("without " + failing));
      for (String name : names) {
        file(to.resolve(name.equals(failing) ? name + "/in the way" : name), 7);
      }
      var failed =
          assertThrows(
              TreeCopyException.class,
              () ->
                  CopyOffload.copyTree(
                      source(), to, REPLACE_EXISTING, TreeCopyOption.CONTINUE_ON_FAILURE));
      assertEquals(1, failed.count());
      List<Path> copied = new ArrayList<>();
      for (String name : names) {
        if (!name.equals(failing)) {
          copied.add(to.resolve(name));
          assertEquals(-1, Files.mismatch(first, to.resolve(name)));
        }
      }
      assertTrue(Files.isSameFile(copied.get(0), copied.get(1)));
      try (var left = Files.list(to)) {
        assertEquals(3, left.count(), "litter");
      }
    }
  }

  /** The copy of the first name is replaced by another program before the second one is linked. */
  @Test
  void testHardLinks_copyIsReplaced() throws Exception {
    Path first = file(source().resolve("first"), 5000);
    Files.createDirectory(source().resolve("last"));
    Files.createLink(source().resolve("last/second"), first);
    for (int i = 0; i < 500; i++) {
      file(source().resolve("last/file" + i), 1);
    }
    Path foreign = file(dir.resolve("foreign"), 100);
    Path copy = target().resolve("first");
    Thread other =
        new Thread(
            () -> {
              try {
                while (!Files.exists(copy)) {
                  Thread.onSpinWait();
                }
                Files.move(foreign, copy, ATOMIC_MOVE);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    other.start();
    CopyOffload.copyTree(source(), target());
    other.join();
    assertEquals(100, Files.size(copy));
    assertEquals(-1, Files.mismatch(first, target().resolve("last/second")));
  }

  private static String modeOf(Path file) throws IOException {
    return Integer.toOctalString((Integer) Files.getAttribute(file, "unix:mode", NOFOLLOW_LINKS));
  }

  @Test
  void testModes() throws IOException {
    Privilege.requireRoot();
    Path shared = Files.createDirectories(source().resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);
    Path group = Files.createDirectory(source().resolve("group"));
    Files.setAttribute(group, "unix:gid", 5678);
    Files.setAttribute(group, "unix:mode", 02775);
    Path closed = Files.createDirectory(source().resolve("closed"));
    Files.setAttribute(closed, "unix:mode", 01055);
    for (String name : List.of("program", "empty program")) {
      Path program = file(source().resolve(name), name.length() - 7);
      Files.setAttribute(program, "unix:uid", 1234);
      Files.setAttribute(program, "unix:mode", 06755);
    }
    Files.write(source().resolve("empty program"), new byte[0]);
    Files.setAttribute(source().resolve("empty program"), "unix:mode", 06755);
    int mask = Libc.C.umask(0);
    try {
      CopyOffload.copyTree(source(), target());
      CopyOffload.copyTree(source(), dir.resolve("same"), COPY_ATTRIBUTES);
      CopyOffload.copyTree(source().resolve("program"), dir.resolve("alone"));
    } finally {
      Libc.C.umask(mask);
    }
    assertEquals("41777", modeOf(target().resolve("shared")));
    assertEquals("40775", modeOf(target().resolve("group")));
    assertEquals("41055", modeOf(target().resolve("closed")));
    assertEquals("100755", modeOf(target().resolve("program")));
    assertEquals("100755", modeOf(target().resolve("empty program")));
    assertEquals("100755", modeOf(dir.resolve("alone")));
    for (String name : List.of("shared", "group", "closed", "program", "empty program")) {
      assertEquals(modeOf(source().resolve(name)), modeOf(dir.resolve("same").resolve(name)), name);
    }
  }

  /** Who may not give files away gets them with the rights of a copy, not with the owner's. */
  @Test
  void testModes_ofAnother() throws IOException {
    Privilege.requireRoot();
    Path program = Files.createFile(Files.createDirectory(source()).resolve("program"));
    Files.setAttribute(program, "unix:mode", 06755);
    Path closed = Files.createDirectory(source().resolve("closed"));
    Files.setAttribute(closed, "unix:mode", 0555);
    Path open = Files.createDirectory(dir.resolve("open"));
    Files.setAttribute(open, "unix:mode", 0777);
    Files.setAttribute(dir, "unix:mode", 0755);
    Libc.C.setfsgid(65534);
    Libc.C.setfsuid(65534);
    try {
      CopyOffload.copyTree(source(), open.resolve("target"), COPY_ATTRIBUTES);
    } finally {
      Libc.C.setfsuid(0);
      Libc.C.setfsgid(0);
    }
    assertEquals("100755", modeOf(open.resolve("target/program")));
    assertEquals("40555", modeOf(open.resolve("target/closed")));
  }

  /** A directory comes and goes, and in its place is a link that leads out of the tree. */
  private static final class Swapping extends Thread {
    private final Path directory;
    private final Path outside;
    private volatile boolean ended;

    Swapping(Path directory, Path outside) {
      this.directory = directory;
      this.outside = outside;
    }

    @Override
    public void run() {
      Path hidden = directory.resolveSibling("hidden");
      while (!ended) {
        try {
          Files.move(directory, hidden, ATOMIC_MOVE);
          Files.createSymbolicLink(directory, outside);
          Thread.onSpinWait();
          Files.delete(directory);
          Files.move(hidden, directory, ATOMIC_MOVE);
        } catch (IOException e) {
          // The copy has put a directory in place of the link.
          if (Files.exists(hidden)) {
            try {
              Command.run("rm", "-rf", hidden.toString());
            } catch (IOException again) {
              throw new java.io.UncheckedIOException(again);
            }
          }
        }
      }
    }

    void end() throws InterruptedException {
      ended = true;
      join();
    }
  }

  private static void copyAsFarAsPossible(Path from, Path to) throws IOException {
    try {
      CopyOffload.copyTree(
          from, to, REPLACE_EXISTING, COPY_ATTRIBUTES, TreeCopyOption.CONTINUE_ON_FAILURE);
    } catch (TreeCopyException e) {
      assertTrue(e.count() > 0);
    }
  }

  @Test
  void testHostileTarget() throws Exception {
    NativeCode.require();
    Path outside = Files.createDirectory(dir.resolve("outside"));
    for (int i = 0; i < 100; i++) {
      file(source().resolve("d/file" + i), 10);
      file(outside.resolve("file" + i), 20);
    }
    Files.createDirectory(source().resolve("d/inner"));
    Path inner = Files.createDirectory(outside.resolve("inner"));
    Files.setAttribute(inner, "unix:mode", 0700);
    String before = snapshot(outside);
    Files.createDirectories(target().resolve("d"));
    Swapping swapping = new Swapping(target().resolve("d"), outside);
    swapping.start();
    try {
      for (int i = 0; i < 30; i++) {
        copyAsFarAsPossible(source(), target());
      }
    } finally {
      swapping.end();
    }
    assertEquals(before, snapshot(outside));
  }

  @Test
  void testHostileSource() throws Exception {
    NativeCode.require();
    Path outside = Files.createDirectory(dir.resolve("outside"));
    for (int i = 0; i < 100; i++) {
      file(source().resolve("d/file" + i), 10);
      file(outside.resolve("file" + i), 20);
    }
    Swapping swapping = new Swapping(source().resolve("d"), outside);
    swapping.start();
    try {
      for (int i = 0; i < 30; i++) {
        Path to = dir.resolve("copy" + i);
        copyAsFarAsPossible(source(), to);
        try (var files = Files.walk(to)) {
          assertTrue(
              files
                  .filter(file -> Files.isRegularFile(file, NOFOLLOW_LINKS))
                  .allMatch(TreeCopyTest::hasTenBytes));
        }
      }
    } finally {
      swapping.end();
    }
  }

  /** A name that the target's file system cannot have. */
  @Test
  void testFailures_ofAnyKind() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path from = memory.getPath("/tree");
      Files.createDirectory(from);
      for (String name : List.of("a", "half a pair \ud800", "z")) {
        Files.write(from.resolve(name), new byte[10]);
      }
      var failed =
          assertThrows(
              TreeCopyException.class,
              () -> CopyOffload.copyTree(from, target(), TreeCopyOption.CONTINUE_ON_FAILURE));
      assertEquals(1, failed.count());
      assertEquals(
          java.nio.file.InvalidPathException.class,
          java.util.Objects.requireNonNull(failed.failures().get(0).getCause()).getClass());
      assertTrue(hasTenBytes(target().resolve("a")));
      assertTrue(hasTenBytes(target().resolve("z")));
      assertThrows(
          java.nio.file.InvalidPathException.class,
          () -> CopyOffload.copyTree(from, dir.resolve("other")));
    }
  }

  @Test
  void testUnknownOption() {
    java.nio.file.CopyOption unknown = new java.nio.file.CopyOption() {};
    assertThrows(
        UnsupportedOperationException.class,
        () -> CopyOffload.copyTree(dir, target(), unknown, TreeCopyOption.CONTINUE_ON_FAILURE));
    assertFalse(Files.exists(target()));
  }

  @Test
  void testTargetInsideSource() throws IOException {
    file(source().resolve("a/file"), 10);
    List<String> before = contents(source());
    Path alias = Files.createSymbolicLink(dir.resolve("alias"), source().resolve("a"));
    for (Path inside :
        List.of(source().resolve("new"), source().resolve("a/new"), alias.resolve("new"))) {
      var refused =
          assertThrows(FileSystemException.class, () -> CopyOffload.copyTree(source(), inside));
      assertEquals("The target lies inside the source", refused.getReason());
    }
    assertEquals(before, contents(source()));
    CopyOffload.copyTree(source(), source());
    assertEquals(before, contents(source()));
  }

  @Test
  void testFailures() throws IOException {
    for (int i = 0; i < 100; i++) {
      file(source().resolve("d" + i % 3 + "/file" + i), 10);
    }
    // What cannot be replaced, whoever runs this.
    file(target().resolve("d0/file0/in the way"), 1);
    file(target().resolve("d1/file1/in the way"), 1);
    var failed =
        assertThrows(
            TreeCopyException.class,
            () ->
                CopyOffload.copyTree(
                    source(), target(), REPLACE_EXISTING, TreeCopyOption.CONTINUE_ON_FAILURE));
    assertEquals(2, failed.count());
    assertEquals(
        List.of(target().resolve("d0/file0").toString(), target().resolve("d1/file1").toString()),
        failed.failures().stream()
            .map(failure -> ((FileSystemException) failure).getFile())
            .sorted()
            .toList());
    for (int i = 2; i < 100; i++) {
      assertEquals(10, Files.size(target().resolve("d" + i % 3 + "/file" + i)));
    }
    assertThrows(
        java.nio.file.DirectoryNotEmptyException.class,
        () -> CopyOffload.copyTree(source(), target(), REPLACE_EXISTING));
    assertNoThreadsLeft();
  }

  @Test
  void testUnreadable() throws IOException {
    file(source().resolve("readable/file"), 10);
    file(source().resolve("closed/file"), 10);
    Files.setPosixFilePermissions(
        source().resolve("closed"), PosixFilePermissions.fromString("-wx--x--x"));
    Path open = Files.createDirectory(dir.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    Libc.C.setfsgid(65534);
    Libc.C.setfsuid(65534);
    try {
      var failed =
          assertThrows(
              TreeCopyException.class,
              () ->
                  CopyOffload.copyTree(
                      source(), open.resolve("target"), TreeCopyOption.CONTINUE_ON_FAILURE));
      assertEquals(1, failed.count());
      assertEquals(
          source().resolve("closed").toString(),
          ((FileSystemException) failed.failures().get(0)).getFile());
    } finally {
      if (Libc.C.geteuid() == 0) {
        Libc.C.setfsuid(0);
        Libc.C.setfsgid(0);
      }
    }
    assertEquals(10, Files.size(open.resolve("target/readable/file")));
  }

  @Test
  void testInterrupted() throws IOException {
    for (int i = 0; i < 200; i++) {
      file(source().resolve("file" + i), 10);
    }
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> CopyOffload.copyTree(source(), target()));
    assertTrue(Thread.interrupted());
    assertNoThreadsLeft();
  }

  @Test
  void testInterrupted_meanwhile() throws Exception {
    for (int i = 0; i < 5000; i++) {
      file(source().resolve(i % 10 + "/file" + i), 10);
    }
    List<Throwable> thrown = new ArrayList<>();
    Thread copying =
        new Thread(
            () -> {
              try {
                CopyOffload.copyTree(source(), target());
              } catch (Throwable e) {
                thrown.add(e);
              }
            });
    copying.start();
    while (copying.isAlive() && !Files.exists(target())) {
      Thread.onSpinWait();
    }
    copying.interrupt();
    copying.join();
    assertEquals(1, thrown.size(), "it was over before it was interrupted");
    assertEquals(InterruptedIOException.class, thrown.get(0).getClass());
    assertNoThreadsLeft();
    try (var files = Files.walk(target())) {
      // Nothing half-written.
      assertTrue(files.filter(Files::isRegularFile).allMatch(TreeCopyTest::hasTenBytes));
    }
  }

  private static boolean hasTenBytes(Path file) {
    try {
      return Files.size(file) == 10;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void testDeepTree() throws IOException {
    Path deep = source();
    for (int i = 0; i < 1500; i++) {
      deep = deep.resolve("d");
    }
    file(deep.resolve("file"), 10);
    CopyOffload.copyTree(source(), target(), COPY_ATTRIBUTES);
    Path copied = target().resolve(source().relativize(deep)).resolve("file");
    assertEquals(10, Files.size(copied));
    // JUnit's own removal goes down by recursion.
    Command.run("rm", "-rf", source().toString(), target().toString());
  }

  @Test
  void testForeign() throws IOException {
    file(source().resolve("a/b/file"), 100);
    file(source().resolve("large"), 300_000);
    Files.createDirectory(source().resolve("empty"));
    Path first = source().resolve("large");
    Files.createLink(source().resolve("second name"), first);
    List<String> zipped = contents(source());
    Files.createSymbolicLink(source().resolve("link"), Stock.path("a/b"));
    List<String> expected = contents(source());
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path inMemory = memory.getPath("/tree");
      CopyOffload.copyTree(source(), inMemory);
      assertEquals(expected, contents(inMemory));
      CopyOffload.copyTree(inMemory, memory.getPath("/again"), COPY_ATTRIBUTES);
      assertEquals(expected, contents(memory.getPath("/again")));
      CopyOffload.copyTree(memory.getPath("/again"), target());
      assertEquals(expected, contents(target()));
      Path wrapped =
          new OffloadFileSystemProvider(Stock.fileSystem().provider())
              .getPath(dir.resolve("wrapped").toUri());
      CopyOffload.copyTree(inMemory, wrapped);
      assertEquals(expected, contents(dir.resolve("wrapped")));
    }
    Files.delete(source().resolve("link"));
    try (FileSystem zip =
        FileSystems.newFileSystem(dir.resolve("z.zip"), Map.of("create", "true"))) {
      CopyOffload.copyTree(source(), zip.getPath("/tree"));
    }
    try (FileSystem zip = FileSystems.newFileSystem(dir.resolve("z.zip"))) {
      CopyOffload.copyTree(zip.getPath("/tree"), dir.resolve("unzipped"));
    }
    assertEquals(zipped, contents(dir.resolve("unzipped")));
  }

  @Test
  void testPipe_isRefused() throws IOException {
    Files.createDirectory(source());
    Libc.pipe(source().resolve("pipe"));
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      for (Path to : List.of(target(), memory.getPath("/tree"))) {
        var refused =
            assertThrows(FileSystemException.class, () -> CopyOffload.copyTree(source(), to));
        assertEquals(source().resolve("pipe").toString(), refused.getFile());
        assertFalse(Files.exists(to.resolve("pipe"), NOFOLLOW_LINKS));
      }
    }
  }

  @Test
  void testNoDirectory() throws IOException {
    Files.createDirectory(dir.resolve("real"));
    file(source().resolve("file"), 10);
    CopyOffload.copyTree(source().resolve("file"), target());
    assertEquals(10, Files.size(target()));
    Path link = Files.createSymbolicLink(dir.resolve("link"), source());
    CopyOffload.copyTree(link, dir.resolve("copied link"));
    assertEquals(source(), Files.readSymbolicLink(dir.resolve("copied link")));
    Path missing = dir.resolve("missing");
    assertEquals(
        missing.toString(),
        assertThrows(
                NoSuchFileException.class, () -> CopyOffload.copyTree(missing, dir.resolve("x")))
            .getFile());
    assertThrows(
        UnsupportedOperationException.class,
        () -> CopyOffload.copyTree(source(), dir.resolve("y"), ATOMIC_MOVE));
    assertFalse(Files.exists(dir.resolve("y")));
  }

  /** As a whole tree does, it fails, and tells how far it is. */
  @Test
  void testNoDirectory_failsAndTells() throws IOException {
    Path file = file(source().resolve("file"), 5000);
    Path taken = file(dir.resolve("taken"), 1);
    assertThrows(FileAlreadyExistsException.class, () -> CopyOffload.copyTree(file, taken));
    assertEquals(1, Files.size(taken));
    List<String> told = new ArrayList<>();
    CopyProgress progress = CopyProgress.of((done, total) -> told.add(done + " of " + total));
    CopyOffload.copyTree(file, dir.resolve("copy"), progress);
    assertEquals(List.of("5000 of 5000"), told);
  }

  @Test
  void testProgress() throws IOException {
    layOut(source());
    long size;
    try (var files = Files.walk(source())) {
      size =
          files
              .filter(f -> Files.isRegularFile(f, NOFOLLOW_LINKS))
              .mapToLong(f -> f.toFile().length())
              .sum();
    }
    // Three names of one file: it is copied once.
    size -= 2 * Files.size(source().resolve("second name"));
    List<Long> told = new ArrayList<>();
    CopyOffload.copyTree(
        source(),
        target(),
        CopyProgress.of(
            (done, total) -> {
              assertTrue(done <= total);
              return told.add(done);
            }));
    assertEquals(contents(source()), contents(target()));
    assertEquals(size, told.get(told.size() - 1));
    List<Long> sorted = new ArrayList<>(told);
    sorted.sort(null);
    assertEquals(sorted, told, "went back");
  }

  @Test
  void testProgress_endsTheCopy() throws IOException {
    file(source().resolve("file"), 80 << 20);
    var cancelled =
        assertThrows(
            FileSystemException.class,
            () ->
                CopyOffload.copyTree(
                    source(),
                    target(),
                    CopyProgress.of((done, total) -> false),
                    TreeCopyOption.CONTINUE_ON_FAILURE));
    assertEquals("cancelled by CopyProgress", cancelled.getReason());
    assertFalse(Files.exists(target().resolve("file")));
    IllegalStateException thrown = new IllegalStateException("from the listener");
    CopyProgress throwing =
        CopyProgress.of(
            (done, total) -> {
              throw thrown;
            });
    assertSame(
        thrown,
        assertThrows(
            IllegalStateException.class,
            () -> CopyOffload.copyTree(source(), dir.resolve("other"), throwing)));
    assertFalse(Files.exists(dir.resolve("other/file")));
    assertNoThreadsLeft();
  }

  @Test
  void testOffloadOptions() throws IOException {
    layOut(source());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            CopyOffload.copyTree(
                source(), target(), OffloadCopyOption.REFLINK, OffloadCopyOption.NO_REFLINK));
    assertThrows(
        UnsupportedOperationException.class,
        () -> CopyOffload.copyTree(source(), target(), OffloadCopyOption.DEDUPE));
    assertFalse(Files.exists(target()));
    // For an atomic target.
    NativeCode.require();
    CopyOffload.copyTree(source(), target(), OffloadCopyOption.ATOMIC_TARGET, COPY_ATTRIBUTES);
    assertEquals(contents(source()), contents(target()));
  }
}
