package dev.copyoffload.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.FakeKernel;
import dev.copyoffload.linux.Fault;
import dev.copyoffload.linux.FileStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when a copy or a move fails at any step: nothing, and no open descriptor. */
class FileCopyTest {
  private static final String SOURCE_NAME = "/fake/source";
  private static final String TARGET_NAME = "/fake/target";
  private static final Path SOURCE = Path.of(SOURCE_NAME);
  private static final Path TARGET = Path.of(TARGET_NAME);

  private static final CopyPolicy PLAIN = new CopyPolicy(false, false, true, false);
  private static final CopyPolicy REPLACING = new CopyPolicy(true, false, true, false);
  private static final CopyPolicy WITH_ATTRIBUTES = new CopyPolicy(false, true, true, false);
  private static final CopyPolicy INTERRUPTIBLE = new CopyPolicy(false, false, true, true);

  private final FakeKernel kernel = new FakeKernel();
  private final FileCopy files = new FileCopy(kernel);
  private final FakeFile source = FakeFile.dense(100_000);
  private final FakeFile directory = new FakeFile();

  FileCopyTest() {
    directory.mode = Constants.S_IFDIR | 0755;
    // Of another file system than the target: within one JDK 20 and later name no file.
    source.device = 3;
    kernel.put(SOURCE_NAME, source).put("/fake", directory);
  }

  @AfterEach
  void testDescriptors_closed() {
    assertEquals(0, kernel.openFiles());
    assertEquals(0, kernel.bytesInPipes());
  }

  private FakeFile target() {
    return assertNotNullAnd(kernel.get(TARGET_NAME));
  }

  private static FakeFile assertNotNullAnd(@Nullable FakeFile file) {
    assertNotNull(file);
    return Objects.requireNonNull(file);
  }

  private FileSystemException assertFailsAndLeavesNothing(CopyPolicy policy) {
    FileSystemException failure =
        assertThrows(FileSystemException.class, () -> ByPath.copy(files, SOURCE, TARGET, policy));
    assertNull(kernel.get(TARGET_NAME), "target left behind");
    assertSame(source, kernel.get(SOURCE_NAME));
    return failure;
  }

  private void assertLeftToJdk(CopyPolicy policy) throws IOException {
    assertFalse(ByPath.copy(files, SOURCE, TARGET, policy));
    assertNull(kernel.get(TARGET_NAME), "target left behind");
  }

  @Test
  void testCopy() throws IOException {
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertArrayEquals(source.bytes(), target().bytes());
    assertEquals(source.mode, target().mode);
  }

  @Test
  void testCopy_empty() throws IOException {
    kernel.put(SOURCE_NAME, new FakeFile());
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertEquals(0, target().size());
  }

  @Test
  void testCopy_withoutSize() throws IOException {
    FakeFile file = new FakeFile();
    file.hasBirthTime = false;
    kernel.put(SOURCE_NAME, file);
    assertLeftToJdk(PLAIN);
    assertFalse(ByPath.move(files, SOURCE, TARGET, REPLACING));
    assertSame(file, kernel.get(SOURCE_NAME));
    assertEquals(0, kernel.count(Call.OPEN));
  }

  @Test
  void testCopy_withAttributes() throws IOException {
    source.user = 7;
    source.mode = Constants.S_IFREG | 04711;
    source.extendedAttributes.put("user.a", new byte[] {1, 2});
    source.extendedAttributes.put("user.empty", new byte[0]);
    byte[] large = FakeFile.dense(40_000).bytes();
    source.extendedAttributes.put("user.large", large);
    assertTrue(ByPath.copy(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertEquals(7, target().user);
    assertEquals(source.mode, target().mode);
    assertArrayEquals(source.times, target().times);
    assertArrayEquals(new byte[] {1, 2}, target().extendedAttributes.get("user.a"));
    assertArrayEquals(new byte[0], target().extendedAttributes.get("user.empty"));
    assertArrayEquals(large, target().extendedAttributes.get("user.large"));
  }

  /** By which a tree links further names to the copy, and to nothing else. */
  @Test
  void testCopy_keyOfTarget() throws IOException {
    AtomicReference<Object> key = new AtomicReference<>();
    source.mode = Constants.S_IFREG | 06755;
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN.inTree(key)));
    FileStatus made =
        requireNonNull(FileStatus.of(kernel, "/fake/target\0".getBytes(US_ASCII), false));
    assertEquals(made.key(), key.get());
    assertEquals(Constants.S_IFREG | 0755, target().mode);
  }

  @Test
  void testCopy_manyAttributeNames() throws IOException {
    for (int i = 0; i < 500; i++) {
      source.extendedAttributes.put("user.name" + i, new byte[] {(byte) i});
    }
    assertTrue(ByPath.copy(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertEquals(source.extendedAttributes.keySet(), target().extendedAttributes.keySet());
  }

  // ---- rollback ----

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EINTR")
  void testWriteFails(Errno errno) {
    kernel.on(Call.PWRITE, 1, Fault.failing(errno));
    FileSystemException failure = assertFailsAndLeavesNothing(PLAIN);
    assertEquals(
        "write: " + errno + " (" + errno.number() + ")",
        Objects.requireNonNull(failure.getCause()).getMessage());
    assertEquals(SOURCE_NAME, failure.getFile());
    assertEquals(TARGET_NAME, failure.getOtherFile());
    Class<?> expected =
        switch (errno) {
          case EACCES -> AccessDeniedException.class;
          case ENOENT -> NoSuchFileException.class;
          case EEXIST -> FileAlreadyExistsException.class;
          default -> FileSystemException.class;
        };
    assertEquals(expected, failure.getClass());
    String reason = errno == Errno.ELOOP ? " or unable to access attributes of symbolic link" : "";
    assertEquals(
        expected == FileSystemException.class ? "error " + errno.number() + reason : null,
        failure.getReason());
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"PREAD", "PWRITE", "FTRUNCATE", "FUTIMENS", "CLOSE"})
  void testStepFails(Call call) {
    source.setSize(300_000);
    kernel.on(call, 1, Fault.failing(Errno.EIO));
    assertFailsAndLeavesNothing(WITH_ATTRIBUTES);
    assertTrue(kernel.count(call) > 0);
  }

  /** As stock, which does not clone. */
  @ParameterizedTest
  @EnumSource(names = {"EDQUOT", "ENOSPC", "EIO"})
  void testCloneFails(Errno errno) throws IOException {
    source.setSize(300_000);
    kernel.on(Call.FICLONE, 1, Fault.failing(errno));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertTrue(source.contentEquals(target().bytes(), target().size()));
  }

  /** From JDK 20 on the kernel copies there, and nobody knows the names. */
  @Test
  void testWriteFails_withinOneFileSystem() {
    source.device = 1;
    kernel.on(Call.PWRITE, 1, Fault.failing(Errno.ENOSPC));
    IOException failure =
        assertThrows(IOException.class, () -> ByPath.copy(files, SOURCE, TARGET, PLAIN));
    String reason = "error " + Errno.ENOSPC.number();
    assertEquals(
        Capability.JDK_SHARES ? reason : SOURCE_NAME + " -> " + TARGET_NAME + ": " + reason,
        failure.getMessage());
    assertEquals(
        Capability.JDK_SHARES ? IOException.class : FileSystemException.class, failure.getClass());
    assertNull(kernel.get(TARGET_NAME), "target left behind");
  }

  /** NFS and quotas report at close(2) what they could not write. */
  @ParameterizedTest
  @EnumSource(names = {"EDQUOT", "ENOSPC", "EIO"})
  void testCloseOfTargetFails(Errno errno) {
    kernel.on(Call.CLOSE, 1, Fault.failing(errno));
    FileSystemException failure = assertFailsAndLeavesNothing(PLAIN);
    assertEquals("error " + errno.number(), failure.getReason());
    assertEquals(2, kernel.count(Call.CLOSE), "each once: the number may be another file's by now");
  }

  @Test
  void testCloseOfTarget_interrupted() throws IOException {
    kernel.on(Call.CLOSE, 1, Fault.failing(Errno.EINTR));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertNotNull(kernel.get(TARGET_NAME));
    assertEquals(2, kernel.count(Call.CLOSE));
  }

  @Test
  void testCloseOfSourceFails() throws IOException {
    kernel.on(Call.CLOSE, 2, Fault.failing(Errno.EIO));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertArrayEquals(source.bytes(), target().bytes());
  }

  @Test
  void testRollbackFails() {
    kernel.on(Call.PWRITE, 1, Fault.failing(Errno.ENOSPC));
    kernel.always(Call.UNLINK, Fault.failing(Errno.EROFS));
    FileSystemException failure =
        assertThrows(FileSystemException.class, () -> ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertEquals("error " + Errno.ENOSPC.number(), failure.getReason());
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"FCHOWN", "FCHMOD", "FLISTXATTR", "FGETXATTR", "FSETXATTR"})
  void testAttributeFails_ignored(Call call) throws IOException {
    source.extendedAttributes.put("user.a", new byte[] {1});
    source.mode = Constants.S_IFREG | 06755;
    kernel.always(call, Fault.failing(Errno.EPERM));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertArrayEquals(source.bytes(), target().bytes());
    assertArrayEquals(source.times, target().times);
    if (call == Call.FCHOWN) {
      assertEquals(0, kernel.count(Call.FCHMOD), "suid for a wrong owner");
    }
  }

  @Test
  void testTimesFail() {
    kernel.on(Call.FUTIMENS, 1, Fault.failing(Errno.EPERM));
    FileSystemException failure = assertFailsAndLeavesNothing(WITH_ATTRIBUTES);
    assertEquals(TARGET_NAME, failure.getFile());
    assertEquals("error " + Errno.EPERM.number(), failure.getReason());
  }

  /** A kernel seam that throws must not leave more behind than one that fails. */
  @Test
  void testUnexpectedException() {
    kernel.on(
        Call.PWRITE,
        1,
        wanted -> {
          throw new IllegalStateException("not expected");
        });
    assertThrows(IllegalStateException.class, () -> ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertNull(kernel.get(TARGET_NAME));
  }

  // ---- what we did not create ----

  @Test
  void testTargetExists() throws IOException {
    FakeFile existing = FakeFile.dense(5);
    kernel.put(TARGET_NAME, existing);
    assertFalse(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertSame(existing, kernel.get(TARGET_NAME));
    assertEquals(5, existing.size());
  }

  @Test
  void testTargetAppears() throws IOException {
    FakeFile stranger = FakeFile.dense(5);
    kernel.put(TARGET_NAME, FakeFile.dense(6));
    kernel.on(Call.OPEN, 1, Fault.after(() -> kernel.put(TARGET_NAME, stranger)));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(stranger, kernel.get(TARGET_NAME));
    assertEquals(5, stranger.size());
  }

  /** Another program has renamed the unfinished target, and put a file of its own there. */
  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testTargetReplacedMeanwhile_isKept(int permissions) {
    source.mode = Constants.S_IFREG | permissions;
    FakeFile stranger = FakeFile.dense(5);
    Fault replaced =
        wanted -> {
          kernel.put(TARGET_NAME, stranger);
          return -Errno.ENOSPC.number();
        };
    kernel.always(Call.PWRITE, replaced);
    for (CopyPolicy policy : new CopyPolicy[] {PLAIN, REPLACING}) {
      assertThrows(FileSystemException.class, () -> ByPath.copy(files, SOURCE, TARGET, policy));
      assertSame(stranger, kernel.get(TARGET_NAME));
      kernel.unlink("/fake/target\0".getBytes(US_ASCII));
    }
    betweenFileSystems();
    assertThrows(
        FileSystemException.class, () -> ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(stranger, kernel.get(TARGET_NAME));
  }

  @Test
  void testReplaceExisting() throws IOException {
    FakeFile old = FakeFile.dense(6);
    kernel.put(TARGET_NAME, old);
    assertTrue(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertArrayEquals(source.bytes(), target().bytes());
    assertEquals(6, old.size(), "who has the old file open keeps it");
  }

  @Test
  void testReplaceExisting_directory() throws IOException {
    FakeFile other = new FakeFile();
    other.mode = Constants.S_IFDIR | 0755;
    kernel.put(TARGET_NAME, other);
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(other, kernel.get(TARGET_NAME));
  }

  @Test
  void testReplaceExisting_sameFile() throws IOException {
    kernel.put(TARGET_NAME, source);
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(source, kernel.get(TARGET_NAME));
  }

  /** A copy of what a link leads to in place of that link: the JDK removes it first. */
  @Test
  void testReplaceExisting_linkByWhichTheSourceIsNamed() throws IOException {
    FakeFile link = FakeFile.linkTo(source);
    kernel.put(SOURCE_NAME, link).put(TARGET_NAME, link);
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(link, kernel.get(TARGET_NAME));
    FakeFile another = FakeFile.linkTo(source);
    kernel.put(TARGET_NAME, another);
    kernel.on(Call.STATX_PATH, 3, Fault.failing(Errno.EACCES));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(another, kernel.get(TARGET_NAME));
    kernel.calm();
    assertTrue(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertArrayEquals(source.bytes(), target().bytes());
    assertSame(link, kernel.get(SOURCE_NAME));
  }

  @Test
  void testReplaceExisting_cannotBeRemoved() throws IOException {
    FakeFile old = FakeFile.dense(6);
    kernel.put(TARGET_NAME, old).always(Call.UNLINK, Fault.failing(Errno.EPERM));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(old, kernel.get(TARGET_NAME));
  }

  // ---- before anything is created ----

  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testSourceUnusable(int permissions) throws IOException {
    source.mode = Constants.S_IFREG | permissions;
    kernel.on(Call.STATX_PATH, 1, Fault.failing(Errno.EACCES));
    assertLeftToJdk(PLAIN);
    kernel.on(Call.OPEN, permissions == 0 ? 1 : 2, Fault.failing(Errno.EACCES));
    assertLeftToJdk(PLAIN);
  }

  /** Who watches the directory is to see no target come and go; stock opens the source first. */
  @Test
  void testSourceUnreadable_targetNeverExists() throws IOException {
    source.mode = Constants.S_IFREG | 0640;
    kernel.on(Call.OPEN, 1, Fault.failing(Errno.EACCES));
    assertLeftToJdk(PLAIN);
    assertEquals(0, kernel.count(Call.UNLINK));
    assertEquals(1, kernel.count(Call.OPEN));
  }

  @Test
  void testSourceReadableByOwner_targetIsCreatedFirst() throws IOException {
    FakeFile process = new FakeFile();
    process.mode = Constants.S_IFDIR | 0555;
    process.user = source.user;
    kernel.put("/proc/self", process);
    source.mode = Constants.S_IFREG | 0600;
    kernel.on(
        Call.OPEN, 2, Fault.after(() -> assertNotNull(kernel.get(TARGET_NAME), "source first")));
    assertTrue(ByPath.copy(new FileCopy(kernel), SOURCE, TARGET, PLAIN));
    assertEquals(Constants.S_IFREG | 0600, target().mode);
  }

  /** JDK 25 asks whether the source can be read before it removes what is to be replaced. */
  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testSourceUnreadable_targetIsKept(int permissions) throws IOException {
    source.mode = Constants.S_IFREG | permissions;
    FakeFile old = FakeFile.dense(6);
    kernel.put(TARGET_NAME, old).on(Call.ACCESS, 1, Fault.failing(Errno.EACCES));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertSame(old, kernel.get(TARGET_NAME));
  }

  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testTargetCannotBeRemoved_sourceIsNotOpened(int permissions) throws IOException {
    source.mode = Constants.S_IFREG | permissions;
    kernel.put(TARGET_NAME, FakeFile.dense(6)).on(Call.UNLINK, 1, Fault.failing(Errno.EPERM));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertEquals(0, kernel.count(Call.OPEN));
  }

  /** As in the JDK, a signal ends no change of attributes. */
  @ParameterizedTest
  @EnumSource(names = {"FCHOWN", "FCHMOD", "FUTIMENS"})
  void testAttributes_interrupted(Call call) throws IOException {
    kernel.on(call, 1, Fault.failing(Errno.EINTR));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertEquals(source.user, target().user);
    assertEquals(source.mode, target().mode);
    assertEquals(2, kernel.count(call));
  }

  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testTargetCannotBeCreated(int permissions) throws IOException {
    source.mode = Constants.S_IFREG | permissions;
    kernel.on(Call.OPEN, permissions == 0 ? 2 : 1, Fault.failing(Errno.EROFS));
    assertLeftToJdk(PLAIN);
    assertEquals(0, kernel.count(Call.UNLINK));
  }

  @Test
  void testOpen_interrupted() throws IOException {
    for (int number : new int[] {1, 2, 4}) {
      kernel.on(Call.OPEN, number, Fault.failing(Errno.EINTR));
    }
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
  }

  /** As in the JDK, what is opened is what is copied. */
  @Test
  void testSourceReplaced_beforeOpen() throws IOException {
    FakeFile other = FakeFile.dense(300_001);
    kernel.on(Call.OPEN, 1, Fault.after(() -> kernel.put(SOURCE_NAME, other)));
    assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    FakeFile copied = requireNonNull(kernel.get(TARGET_NAME));
    assertTrue(other.contentEquals(copied.bytes(), copied.size()));
  }

  /** Closing it would drop the locks that this process holds on it. */
  @ParameterizedTest
  @ValueSource(ints = {0000, 0644})
  void testTargetExists_sourceIsNotOpened(int permissions) throws IOException {
    source.mode = Constants.S_IFREG | permissions;
    kernel.put(TARGET_NAME, FakeFile.dense(6));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    kernel.put(TARGET_NAME, source);
    assertFalse(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, REPLACING));
    assertEquals(0, kernel.count(Call.CLOSE));
    assertEquals(0, kernel.count(Call.UNLINK));
  }

  @Test
  void testSourceGone() throws IOException {
    kernel.put("/fake/other", source);
    assertFalse(ByPath.copy(files, Path.of("/fake/missing"), TARGET, PLAIN));
  }

  // ---- interruption ----

  @Test
  void testInterrupt() {
    kernel.on(Call.PREAD, 1, Fault.after(() -> Thread.currentThread().interrupt()));
    try {
      FileSystemException failure = assertFailsAndLeavesNothing(INTERRUPTIBLE);
      assertEquals("error " + Errno.ECANCELED.number(), failure.getReason());
    } finally {
      assertTrue(Thread.interrupted(), "status kept");
    }
  }

  @Test
  void testInterrupt_before() {
    Thread.currentThread().interrupt();
    try {
      assertFailsAndLeavesNothing(INTERRUPTIBLE);
    } finally {
      assertTrue(Thread.interrupted(), "status kept");
    }
  }

  @Test
  void testInterrupt_notInterruptible() throws IOException {
    Thread.currentThread().interrupt();
    try {
      assertTrue(ByPath.copy(files, SOURCE, TARGET, PLAIN));
      assertArrayEquals(source.bytes(), target().bytes());
    } finally {
      assertTrue(Thread.interrupted(), "status kept");
    }
  }

  // ---- names ----

  @Test
  void testRawNames() throws IOException {
    Path from = Path.of(URI.create("file:///fake/%FF%FE%20a%25"));
    Path to = Path.of(URI.create("file:///fake/%C3%28-%80"));
    kernel.put("/fake/\u00ff\u00fe a%", source);
    assertTrue(ByPath.copy(files, from, to, PLAIN));
    assertArrayEquals(source.bytes(), assertNotNullAnd(kernel.get("/fake/\u00c3(-\u0080")).bytes());
  }

  // ---- move ----

  private void betweenFileSystems() {
    directory.device = 2;
    kernel.always(Call.RENAME, Fault.failing(Errno.EXDEV));
  }

  private FileSystemException assertMoveFails() {
    FileSystemException failure =
        assertThrows(
            FileSystemException.class, () -> ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(source, kernel.get(SOURCE_NAME), "source lost");
    assertNull(kernel.get(TARGET_NAME), "target left behind");
    return failure;
  }

  @Test
  void testMove() throws IOException {
    betweenFileSystems();
    assertTrue(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertNull(kernel.get(SOURCE_NAME));
    assertArrayEquals(source.bytes(), target().bytes());
    assertArrayEquals(source.times, target().times);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testMove_replaces(boolean between) throws IOException {
    FakeFile old = FakeFile.dense(6);
    kernel.put(TARGET_NAME, old);
    if (between) {
      betweenFileSystems();
    }
    assertFalse(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    CopyPolicy replacing = new CopyPolicy(true, true, false, false);
    kernel.on(Call.UNLINK, 1, Fault.failing(Errno.EPERM));
    assertFalse(ByPath.move(files, SOURCE, TARGET, replacing));
    assertSame(old, kernel.get(TARGET_NAME));
    assertSame(source, kernel.get(SOURCE_NAME));
    assertTrue(ByPath.move(files, SOURCE, TARGET, replacing));
    assertNull(kernel.get(SOURCE_NAME));
    assertArrayEquals(source.bytes(), target().bytes());
    assertEquals(6, old.size());
  }

  @Test
  void testMove_renameWorksAfterAll() throws IOException {
    directory.device = 2;
    assertTrue(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(source, kernel.get(TARGET_NAME));
    assertNull(kernel.get(SOURCE_NAME));
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"PREAD", "PWRITE", "FUTIMENS", "CLOSE"})
  void testMove_copyFails(Call call) {
    betweenFileSystems();
    kernel.on(call, 1, Fault.failing(Errno.EIO));
    assertMoveFails();
  }

  @Test
  void testMove_sourceCannotBeRemoved() {
    betweenFileSystems();
    kernel.on(Call.UNLINK, 1, Fault.failing(Errno.EPERM));
    FileSystemException failure = assertMoveFails();
    assertEquals(SOURCE_NAME, failure.getFile());
    assertNull(failure.getOtherFile());
  }

  @Test
  void testMove_sourceCannotBeRemoved_targetReplacedMeanwhile() {
    betweenFileSystems();
    FakeFile stranger = FakeFile.dense(5);
    kernel.on(
        Call.UNLINK,
        1,
        wanted -> {
          kernel.put(TARGET_NAME, stranger);
          return -Errno.EPERM.number();
        });
    assertThrows(
        FileSystemException.class, () -> ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(stranger, kernel.get(TARGET_NAME));
  }

  /** What has the name when the copy is done has not been copied. */
  @Test
  void testMove_sourceReplacedMeanwhile_isKept() throws IOException {
    betweenFileSystems();
    FakeFile stranger = FakeFile.dense(5);
    kernel.on(Call.PWRITE, 1, Fault.after(() -> kernel.put(SOURCE_NAME, stranger)));
    assertTrue(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(stranger, kernel.get(SOURCE_NAME));
    assertArrayEquals(source.bytes(), target().bytes());
  }

  @Test
  void testMove_sourceReplacedBeforeOpen() throws IOException {
    betweenFileSystems();
    FakeFile other = FakeFile.dense(70_000);
    kernel.on(Call.OPEN, 1, Fault.after(() -> kernel.put(SOURCE_NAME, other)));
    assertTrue(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertNull(kernel.get(SOURCE_NAME));
    assertArrayEquals(other.bytes(), target().bytes());
  }

  @Test
  void testMove_targetAppears() throws IOException {
    betweenFileSystems();
    FakeFile stranger = FakeFile.dense(5);
    kernel.on(Call.OPEN, 2, Fault.after(() -> kernel.put(TARGET_NAME, stranger)));
    assertFalse(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(stranger, kernel.get(TARGET_NAME));
    assertSame(source, kernel.get(SOURCE_NAME));
  }

  /** A class of ours cannot be defined, half-way through a file; the JDK needs none. */
  @Test
  void testClassMissing_isTheJdks() throws IOException {
    kernel.always(
        Call.PREAD,
        Fault.after(
            () -> {
              throw new NoClassDefFoundError();
            }));
    assertFalse(ByPath.copy(files, SOURCE, TARGET, PLAIN));
    assertNull(kernel.get(TARGET_NAME));
    betweenFileSystems();
    assertFalse(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(source, kernel.get(SOURCE_NAME));
    assertNull(kernel.get(TARGET_NAME));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXDEV")
  void testMove_renameFailsOtherwise(Errno errno) throws IOException {
    directory.device = 2;
    kernel.always(Call.RENAME, Fault.failing(errno));
    assertFalse(ByPath.move(files, SOURCE, TARGET, WITH_ATTRIBUTES));
    assertSame(source, kernel.get(SOURCE_NAME));
    assertNull(kernel.get(TARGET_NAME));
  }
}
