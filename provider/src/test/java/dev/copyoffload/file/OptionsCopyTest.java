package dev.copyoffload.file;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static dev.copyoffload.OffloadCopyOption.DEDUPE;
import static dev.copyoffload.OffloadCopyOption.NO_REFLINK;
import static dev.copyoffload.OffloadCopyOption.REFLINK;
import static dev.copyoffload.OffloadCopyOption.SPARSE_ALWAYS;
import static dev.copyoffload.OffloadCopyOption.SPARSE_NEVER;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.FakeKernel;
import dev.copyoffload.linux.Fault;
import dev.copyoffload.observe.Totals;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies with options of ours, on a kernel that fails when told to. */
class OptionsCopyTest {
  private static final String SOURCE_NAME = "/fake/source";
  private static final String TARGET_NAME = "/fake/target";
  private static final Path SOURCE = Path.of(SOURCE_NAME);
  private static final Path TARGET = Path.of(TARGET_NAME);
  private static final Set<String> UNTOUCHED = Set.of("/proc/self", "/fake", SOURCE_NAME);
  private static final Set<String> COPIED = Set.of("/proc/self", "/fake", SOURCE_NAME, TARGET_NAME);

  private final FakeKernel kernel = new FakeKernel();
  private final FakeFile source = FakeFile.dense(300_000);

  OptionsCopyTest() {
    FakeFile directory = new FakeFile();
    directory.mode = Constants.S_IFDIR | 0755;
    kernel.put(SOURCE_NAME, source).put("/fake", directory).put("/proc/self", directory);
  }

  @AfterEach
  void testDescriptors_closed() {
    assertEquals(0, kernel.openFiles());
    assertEquals(0, kernel.bytesInPipes());
  }

  private boolean copy(CopyOption... options) throws IOException {
    CopyPolicy policy = requireNonNull(CopyPolicy.ofCopy(options));
    return ByPath.copy(new FileCopy(kernel), SOURCE, TARGET, policy);
  }

  private void assertCopied(CopyOption... options) throws IOException {
    assertTrue(copy(options));
    assertArrayEquals(source.bytes(), target().bytes());
    assertEquals(COPIED, kernel.names());
  }

  private FakeFile target() {
    return requireNonNull(kernel.get(TARGET_NAME), "no target");
  }

  private FileSystemException assertRefused(CopyOption... options) {
    Set<String> before = kernel.names();
    FakeFile old = kernel.get(TARGET_NAME);
    FileSystemException refused = assertThrows(FileSystemException.class, () -> copy(options));
    assertEquals(before, kernel.names(), "litter, or the target gone");
    assertSame(old, kernel.get(TARGET_NAME));
    return refused;
  }

  // ---- which options go together ----

  @Test
  void testContradictions() {
    for (CopyOption[] options :
        new CopyOption[][] {
          {REFLINK, NO_REFLINK},
          {REFLINK, SPARSE_ALWAYS},
          {REFLINK, SPARSE_NEVER},
          {SPARSE_ALWAYS, SPARSE_NEVER},
          {DEDUPE, REFLINK},
          {DEDUPE, NO_REFLINK},
          {DEDUPE, ATOMIC_TARGET},
          {DEDUPE, SPARSE_ALWAYS},
          {DEDUPE, REPLACE_EXISTING},
          {COPY_ATTRIBUTES, DEDUPE},
        }) {
      assertThrows(
          IllegalArgumentException.class,
          () -> CopyPolicy.ofCopy(options),
          () -> Arrays.toString(options));
    }
  }

  @Test
  void testNoContradictions() {
    CopyProgress progress = CopyProgress.of((done, total) -> true);
    for (CopyOption[] options :
        new CopyOption[][] {
          {REFLINK, ATOMIC_TARGET, REPLACE_EXISTING, COPY_ATTRIBUTES, progress},
          {NO_REFLINK, SPARSE_ALWAYS, ATOMIC_TARGET},
          {NO_REFLINK, SPARSE_NEVER},
          {DEDUPE, progress},
        }) {
      assertTrue(
          requireNonNull(CopyPolicy.ofCopy(options)).demands() != null,
          () -> Arrays.toString(options));
    }
  }

  @Test
  void testJdkOptions_demandNothing() {
    assertNull(requireNonNull(CopyPolicy.ofCopy(REPLACE_EXISTING, COPY_ATTRIBUTES)).demands());
    assertFalse(CopyPolicy.hasOurs(REPLACE_EXISTING, COPY_ATTRIBUTES));
    assertTrue(CopyPolicy.hasOurs(REPLACE_EXISTING, SPARSE_NEVER));
    assertArrayEquals(
        new CopyOption[] {COPY_ATTRIBUTES}, OffloadOptions.withoutOurs(REFLINK, COPY_ATTRIBUTES));
  }

  // ---- REFLINK ----

  @Test
  void testReflink() throws IOException {
    kernel.clones = true;
    assertCopied(REFLINK);
    assertEquals(0, kernel.count(Call.PREAD) + kernel.count(Call.SPLICE_IN));
  }

  @ParameterizedTest
  @EnumSource(names = {"EOPNOTSUPP", "EXDEV", "EINVAL", "ENOTTY", "EPERM", "ETXTBSY"})
  void testReflink_cannot(Errno errno) {
    kernel.clones = true;
    kernel.always(Call.FICLONE, Fault.failing(errno));
    String reason = assertRefused(REFLINK).getReason();
    assertTrue(reason.startsWith("REFLINK: ioctl(FICLONE): " + errno), reason);
    assertEquals(0, kernel.count(Call.PREAD) + kernel.count(Call.SPLICE_IN));
  }

  @Test
  void testReflink_cannotReplace_targetIsKept() {
    kernel.put(TARGET_NAME, FakeFile.dense(10));
    assertRefused(REFLINK, REPLACE_EXISTING);
  }

  @Test
  void testReflink_small() throws IOException {
    kernel.clones = true;
    source.setSize(10);
    assertCopied(REFLINK);
    assertEquals(1, kernel.count(Call.FICLONE));
  }

  @Test
  void testReflink_empty() throws IOException {
    source.setSize(0);
    assertCopied(REFLINK);
    assertEquals(0, kernel.count(Call.FICLONE));
  }

  /** As in procfs: nothing says how much there is to share. */
  @Test
  void testReflink_noSizeButContents() {
    kernel.clones = true;
    source.sizeSaid = 0;
    String reason = assertRefused(REFLINK).getReason();
    assertTrue(reason.startsWith("REFLINK: ioctl(FICLONE): no size, but contents, on "), reason);
  }

  // ---- NO_REFLINK ----

  @Test
  void testNoReflink() throws IOException {
    kernel.clones = true;
    source.magic = 0x6969;
    assertCopied(NO_REFLINK);
    assertEquals(0, kernel.count(Call.FICLONE) + kernel.count(Call.COPY_FILE_RANGE));
  }

  @Test
  void testNoReflink_keepsHoles() throws IOException {
    kernel.clones = true;
    source.setSize(1 << 20);
    assertCopied(NO_REFLINK);
    assertEquals(source.blocks(), target().blocks());
  }

  // ---- sparse ----

  @Test
  void testSparseNever() throws IOException {
    kernel.clones = true;
    source.setSize(1 << 20);
    assertCopied(SPARSE_NEVER);
    assertEquals((1 << 20) / 512, target().blocks());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 5000, 262_144, 262_145, 1 << 20})
  void testSparseAlways(int step) throws IOException {
    kernel.clones = true;
    kernel.always(Call.PREAD, Fault.atMost(step < 4096 ? 4096 + step : step));
    kernel.always(Call.PWRITE, Fault.atMost(1 + step));
    // Written zeros at the start, inside, at the end, and a single byte in a block of zeros.
    source.setSize(0).write(0, new byte[1_000_000]);
    source.write(100_000, new byte[] {1});
    source.write(500_000, FakeFile.dense(123_457).bytes());
    assertCopied(SPARSE_ALWAYS);
    assertEquals(0, kernel.count(Call.FICLONE));
    long data = 123_457 / FakeFile.BLOCK + 2 + 1;
    assertTrue(target().blocks() <= data * 8, () -> target().blocks() + " blocks");
  }

  /** As seccomp does it: the last byte makes the file as long, if none that was copied has. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void testSparseAlways_lengthIsNeverSet(int last) throws IOException {
    kernel.always(Call.FTRUNCATE, Fault.failing(Errno.EPERM));
    source.setSize(0).write(0, new byte[600_001]).write(600_000, new byte[] {(byte) last});
    assertCopied(SPARSE_ALWAYS);
  }

  @Test
  void testSparseAlways_allZeros() throws IOException {
    source.setSize(0).write(0, new byte[600_001]);
    assertCopied(SPARSE_ALWAYS);
    assertEquals(0, target().blocks());
  }

  @Test
  void testSparseAlways_withHoles() throws IOException {
    source.setSize(0).setSize(2_000_000).write(900_000, new byte[300_000]);
    source.write(1_300_000, FakeFile.dense(5_000).bytes());
    assertCopied(SPARSE_ALWAYS);
    assertTrue(target().blocks() <= 24, () -> target().blocks() + " blocks");
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"PREAD", "PWRITE", "FTRUNCATE"})
  void testSparseAlways_fails(Call call) {
    source.write(200_000, new byte[100_000]);
    kernel.on(call, 1, Fault.failing(Errno.ENOSPC));
    assertRefused(SPARSE_ALWAYS);
  }

  // ---- ATOMIC_TARGET ----

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    source.times = new long[] {5, 6, 7, 8};
    kernel.always(
        Call.PWRITE, Fault.after(() -> assertNull(kernel.get(TARGET_NAME), "seen too early")));
    kernel.always(
        Call.FUTIMENS, Fault.after(() -> assertNull(kernel.get(TARGET_NAME), "seen too early")));
    assertCopied(ATOMIC_TARGET, COPY_ATTRIBUTES);
    assertArrayEquals(source.times, target().times);
    assertEquals(source.mode, target().mode);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic_replaces(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    FakeFile old = FakeFile.dense(10);
    kernel.put(TARGET_NAME, old);
    kernel.on(Call.RENAME, 1, Fault.after(() -> assertSame(old, kernel.get(TARGET_NAME))));
    assertCopied(ATOMIC_TARGET, REPLACE_EXISTING);
    assertEquals(0, kernel.count(Call.UNLINK));
    assertEquals(10, old.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic_targetAppears(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    FakeFile stranger = FakeFile.dense(10);
    kernel.on(Call.CLOSE, 1, Fault.after(() -> kernel.put(TARGET_NAME, stranger)));
    assertThrows(FileAlreadyExistsException.class, () -> copy(ATOMIC_TARGET));
    assertSame(stranger, kernel.get(TARGET_NAME));
    assertEquals(COPIED, kernel.names());
    kernel.calm();
    assertCopied(ATOMIC_TARGET, REPLACE_EXISTING);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic_targetAppears_replaced(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    kernel.on(Call.CLOSE, 1, Fault.after(() -> kernel.put(TARGET_NAME, FakeFile.dense(10))));
    assertCopied(ATOMIC_TARGET, REPLACE_EXISTING);
  }

  @Test
  void testAtomic_targetExists() {
    kernel.put(TARGET_NAME, FakeFile.dense(10));
    assertEquals(FileAlreadyExistsException.class, assertRefused(ATOMIC_TARGET).getClass());
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"PREAD", "PWRITE", "FUTIMENS", "RENAME", "CLOSE"})
  void testAtomic_fails(Call call) {
    for (boolean unnamed : new boolean[] {true, false}) {
      kernel.calm();
      source.setSize(200_000);
      kernel.unnamedFiles = unnamed;
      kernel.put(TARGET_NAME, FakeFile.dense(10)).on(call, 1, Fault.failing(Errno.EIO));
      assertEquals(
          "error " + Errno.EIO.number(),
          assertRefused(ATOMIC_TARGET, REPLACE_EXISTING, COPY_ATTRIBUTES).getReason());
    }
  }

  @Test
  void testAtomic_linkFails() {
    kernel.always(Call.LINK, Fault.failing(Errno.EPERM));
    assertRefused(ATOMIC_TARGET);
  }

  @Test
  void testAtomic_nameTaken() throws IOException {
    kernel.unnamedFiles = false;
    kernel.on(Call.OPEN, 3, Fault.failing(Errno.EEXIST));
    assertCopied(ATOMIC_TARGET);
  }

  /** Somebody's name is passed over, but not for ever. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic_everyNameTaken(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    kernel.put(TARGET_NAME, FakeFile.dense(10));
    Call call = unnamed ? Call.LINK : Call.OPEN;
    int[] left = {unnamed ? 0 : 2};
    kernel.always(call, wanted -> left[0]-- > 0 ? wanted : -Errno.EEXIST.number());
    assertEquals(
        FileAlreadyExistsException.class,
        assertRefused(ATOMIC_TARGET, REPLACE_EXISTING).getClass());
    assertEquals(unnamed ? 100 : 102, kernel.count(call));
    kernel.calm();
    kernel.on(call, unnamed ? 1 : 3, Fault.failing(Errno.EEXIST));
    assertCopied(ATOMIC_TARGET, REPLACE_EXISTING);
  }

  /** By /proc alone an open file without a name could get one. */
  @Test
  void testAtomic_withoutProc() throws IOException {
    kernel.unlink(raw("/proc/self"));
    assertTrue(copy(ATOMIC_TARGET));
    assertArrayEquals(source.bytes(), target().bytes());
    assertEquals(0, kernel.count(Call.LINK));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testAtomic_closeInterrupted(boolean unnamed) throws IOException {
    kernel.unnamedFiles = unnamed;
    kernel.on(Call.CLOSE, 1, Fault.failing(Errno.EINTR));
    assertCopied(ATOMIC_TARGET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"target", "/target", "/fake/target"})
  void testAtomic_besideTheTarget(String name) throws IOException {
    FakeFile directory = requireNonNull(kernel.get("/fake"));
    kernel.put(".", directory).put("/", directory);
    CopyPolicy policy = requireNonNull(CopyPolicy.ofCopy(ATOMIC_TARGET));
    assertTrue(
        new FileCopy(kernel).copy(SOURCE, raw(SOURCE_NAME), Path.of(name), raw(name), policy));
    assertEquals(2, kernel.count(Call.OPEN));
    assertTrue(kernel.names().contains(name));
    // And with a name that is no more than the target's away from it.
    kernel.unnamedFiles = false;
    kernel.unlink(raw(name));
    String beside = name.substring(0, name.length() - "target".length()) + StagedTarget.PREFIX;
    kernel.on(
        Call.PWRITE,
        1,
        Fault.after(() -> assertTrue(kernel.names().stream().anyMatch(n -> n.startsWith(beside)))));
    source.setSize(100_000);
    assertTrue(
        new FileCopy(kernel).copy(SOURCE, raw(SOURCE_NAME), Path.of(name), raw(name), policy));
  }

  @Test
  void testReplace_directory() throws IOException {
    FakeFile directory = requireNonNull(kernel.get("/fake"));
    kernel.put(TARGET_NAME, directory);
    for (Errno errno : new Errno[] {Errno.ENOTEMPTY, Errno.EEXIST, Errno.EPERM}) {
      kernel.on(Call.RMDIR, 1, Fault.failing(errno));
      FileSystemException refused = assertRefused(NO_REFLINK, REPLACE_EXISTING);
      assertEquals(errno != Errno.EPERM, refused instanceof DirectoryNotEmptyException);
      assertEquals(TARGET_NAME, refused.getFile());
    }
    assertCopied(NO_REFLINK, REPLACE_EXISTING);
    assertEquals(0, kernel.count(Call.UNLINK) + kernel.count(Call.RENAME));
  }

  @ParameterizedTest
  @EnumSource(names = {"EINVAL", "ENOSYS"})
  void testAtomic_noRenameWithoutReplacing(Errno errno) throws IOException {
    kernel.unnamedFiles = false;
    kernel.on(Call.RENAME_NOREPLACE, 1, Fault.failing(Errno.EPERM));
    assertRefused(ATOMIC_TARGET);
    kernel.always(Call.RENAME_NOREPLACE, Fault.failing(errno));
    kernel.on(Call.LINK, 1, Fault.failing(Errno.EPERM));
    assertRefused(ATOMIC_TARGET);
    assertCopied(ATOMIC_TARGET);
    kernel.put(TARGET_NAME, FakeFile.dense(3));
    assertRefused(ATOMIC_TARGET);
  }

  // ---- DEDUPE ----

  private long dedupe() throws IOException {
    return dedupe(null);
  }

  /** As on some FUSE drivers, which know no second names either. */
  @Test
  void testAtomic_replacesByRenameAlone() throws IOException {
    kernel.unnamedFiles = false;
    kernel.always(Call.RENAME_NOREPLACE, Fault.failing(Errno.EINVAL));
    kernel.always(Call.LINK, Fault.failing(Errno.EPERM));
    kernel.put(TARGET_NAME, FakeFile.dense(3));
    assertCopied(ATOMIC_TARGET, REPLACE_EXISTING);
  }

  private long dedupe(@Nullable Range span) throws IOException {
    return dedupe(span, new CopyPolicy(false, false, true, false));
  }

  private long dedupe(@Nullable Range span, CopyPolicy policy) throws IOException {
    return new Dedupe(kernel, new FileCopy(kernel))
        .run(SOURCE, raw(SOURCE_NAME), TARGET, raw(TARGET_NAME), span, policy);
  }

  private static byte[] raw(String name) {
    return (name + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, 4096, 65536})
  void testDedupe(long atMost) throws IOException {
    kernel.dedupedAtMost = atMost;
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    assertEquals(source.size(), dedupe());
    assertEquals(0, kernel.count(Call.PREAD) + kernel.count(Call.FUTIMENS));
  }

  @Test
  void testDedupe_tailCannotBeShared() throws IOException {
    kernel.sharesTails = false;
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    assertEquals(source.size() / 4096 * 4096L, dedupe());
    byte[] other = source.bytes();
    other[other.length - 1]++;
    kernel.put(TARGET_NAME, new FakeFile().write(0, other));
    assertTrue(assertRefused(DEDUPE).getReason().contains("differ"));
  }

  /** A rest of less than a block is compared here, in as many reads as it takes. */
  @Test
  void testDedupe_tailIsRead() throws IOException {
    kernel.sharesTails = false;
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    for (Fault reads :
        new Fault[] {Fault.atMost(7), Fault.atMost(0), Fault.failing(Errno.ENOMEM)}) {
      int[] met = {0};
      kernel.always(
          Call.PREAD, wanted -> met[0]++ == 0 ? -Errno.EINTR.number() : reads.meet(wanted));
      if (reads.meet(10) > 0) {
        assertEquals(source.size() / 4096 * 4096L, dedupe());
      } else {
        String reason = assertRefused(DEDUPE).getReason();
        Errno errno = reads.meet(10) == 0 ? Errno.EIO : Errno.ENOMEM;
        assertEquals("error " + errno.number(), reason);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"OPEN, 1", "STATX, 1", "STATX, 2", "FSTATFS, 1"})
  void testDedupe_callFails(Call call, int number) {
    targetAt(8192);
    kernel.on(call, number, Fault.failing(Errno.ENOMEM));
    assertEquals("error " + Errno.ENOMEM.number(), refusalOf(4096, 12288, 65536));
  }

  /** An owner may share without the right to write. */
  @Test
  void testDedupe_targetNotWritable() throws IOException {
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    kernel.on(Call.OPEN, 2, Fault.failing(Errno.EACCES));
    assertEquals(source.size(), dedupe());
    kernel.calm();
    kernel.on(Call.OPEN, 2, Fault.failing(Errno.ETXTBSY));
    kernel.on(Call.OPEN, 3, Fault.failing(Errno.EACCES));
    assertEquals(AccessDeniedException.class, assertRefused(DEDUPE).getClass());
  }

  @Test
  void testDedupe_cancelled() {
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    assertEquals(
        "error " + Errno.ECANCELED.number(),
        assertRefused(DEDUPE, CopyProgress.of((done, total) -> false)).getReason());
    Thread.currentThread().interrupt();
    try {
      CopyPolicy interruptible = new CopyPolicy(false, false, true, true);
      assertThrows(FileSystemException.class, () -> dedupe(null, interruptible));
      assertEquals(1, kernel.count(Call.FIDEDUPERANGE));
    } finally {
      assertTrue(Thread.interrupted(), "status kept");
    }
  }

  @Test
  void testDedupe_nothingShared_ends() {
    kernel.dedupedAtMost = 0;
    source.setSize(65536);
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    String reason = assertRefused(DEDUPE).getReason();
    assertTrue(reason.contains("shared nothing at offset 0"), reason);
    assertEquals(1, kernel.count(Call.FIDEDUPERANGE));
  }

  @Test
  void testDedupe_differs() {
    int at = (int) Tuning.DEDUPED_AT_ONCE + 5;
    FakeFile large = FakeFile.dense(at + 10);
    kernel.put(SOURCE_NAME, large);
    byte[] other = large.bytes();
    other[at]++;
    kernel.put(TARGET_NAME, new FakeFile().write(0, other));
    String reason = assertRefused(DEDUPE).getReason();
    String piece = "between offsets " + Tuning.DEDUPED_AT_ONCE + " and " + large.size();
    assertTrue(reason.startsWith("DEDUPE: the contents differ " + piece), reason);
    assertArrayEquals(other, target().bytes());
  }

  @Test
  void testDedupe_refused() {
    kernel.put(TARGET_NAME, FakeFile.dense(299_999));
    assertTrue(assertRefused(DEDUPE).getReason().contains("299999"));
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    kernel.deduplicates = false;
    String reason = assertRefused(DEDUPE).getReason();
    assertTrue(reason.startsWith("DEDUPE: ioctl(FIDEDUPERANGE): EOPNOTSUPP, on "), reason);
    kernel.deduplicates = true;
    kernel.on(Call.FIDEDUPERANGE, 1, Fault.failing(Errno.EPERM));
    assertTrue(assertRefused(DEDUPE).getReason().contains("EPERM"));
    kernel.put("/fake/other", source);
  }

  @Test
  void testDedupe_interruptedBySignal() throws IOException {
    kernel.put(TARGET_NAME, new FakeFile().write(0, source.bytes()));
    kernel.on(Call.FIDEDUPERANGE, 1, Fault.failing(Errno.EINTR));
    assertEquals(source.size(), dedupe());
  }

  @Test
  void testDedupe_sameFileAndEmpty() throws IOException {
    kernel.put(TARGET_NAME, source);
    assertEquals(0, dedupe());
    source.setSize(0);
    kernel.put(TARGET_NAME, new FakeFile());
    assertEquals(0, dedupe());
    assertEquals(0, kernel.count(Call.FIDEDUPERANGE));
  }

  /** Puts a target that holds from {@code at} on what the source holds. */
  private FakeFile targetAt(int at) {
    FakeFile target = new FakeFile().write(0, new byte[at]).write(at, source.bytes());
    kernel.put(TARGET_NAME, target);
    return target;
  }

  private String refusalOf(long sourceOffset, long targetOffset, long length) {
    Range span = new Range(sourceOffset, targetOffset, length);
    FileSystemException refused = assertThrows(FileSystemException.class, () -> dedupe(span));
    return refused.getReason();
  }

  @Test
  void testDedupeRange() throws IOException {
    targetAt(8192);
    assertEquals(65536, dedupe(new Range(4096, 12288, 65536)));
    assertEquals(300_000 - 4096, dedupe(new Range(4096, 12288, 300_000 - 4096)));
    assertEquals(0, dedupe(new Range(4096, 4096, 0)));
    assertEquals(2, kernel.count(Call.FIDEDUPERANGE));
  }

  @Test
  void testDedupeRange_pieces() throws IOException {
    FakeFile large = FakeFile.dense((int) (2 * Tuning.DEDUPED_AT_ONCE));
    kernel.put(SOURCE_NAME, large);
    byte[] other = new byte[large.size()];
    System.arraycopy(large.bytes(), 4096, other, 8192, other.length - 8192);
    kernel.put(TARGET_NAME, new FakeFile().write(0, other));
    int length = other.length - 8192;
    assertEquals(length, dedupe(new Range(4096, 8192, length)));
    assertEquals(2, kernel.count(Call.FIDEDUPERANGE));
    other[8192 + (int) Tuning.DEDUPED_AT_ONCE]++;
    kernel.put(TARGET_NAME, new FakeFile().write(0, other));
    String reason = refusalOf(4096, 8192, length);
    long piece = 4096 + Tuning.DEDUPED_AT_ONCE;
    String where =
        piece + " and " + (4096 + length) + " of the source, " + (piece + 4096) + " of the target";
    assertTrue(reason.startsWith("DEDUPE: the contents differ between offsets " + where), reason);
  }

  @Test
  void testDedupeRange_tailCannotBeShared() throws IOException {
    kernel.sharesTails = false;
    FakeFile target = targetAt(8192);
    Range toEnds = new Range(4096, 12288, 300_000 - 4096);
    assertEquals(toEnds.length() / 4096 * 4096, dedupe(toEnds));
    byte[] other = target.bytes();
    other[other.length - 1]++;
    kernel.put(TARGET_NAME, new FakeFile().write(0, other));
    assertTrue(refusalOf(4096, 12288, 300_000 - 4096).contains("differ"));
  }

  @Test
  void testDedupeRange_refusedBeforeTheKernelIsAsked() {
    targetAt(8192);
    String multiple = " is no multiple of the block size, 4096";
    assertTrue(refusalOf(5, 8192, 4096).startsWith("DEDUPE: the source's offset 5" + multiple));
    assertTrue(refusalOf(0, 8193, 4096).startsWith("DEDUPE: the target's offset 8193" + multiple));
    assertTrue(refusalOf(0, 8192, 5000).startsWith("DEDUPE: the length 5000" + multiple));
    // One of the two files goes on.
    assertTrue(refusalOf(0, 0, 300_000).startsWith("DEDUPE: the length 300000" + multiple));
    assertTrue(refusalOf(0, 0, 300_001).contains("behind the source's 300000"));
    assertTrue(refusalOf(4096, 0, Long.MAX_VALUE).contains("behind the source's 300000"));
    assertTrue(refusalOf(303_104, 0, 4096).contains("behind the source's 300000"));
    assertTrue(refusalOf(0, 16384, 300_000).contains("behind the target's 308192"));
    kernel.put(SOURCE_NAME, requireNonNull(kernel.get(TARGET_NAME)));
    assertTrue(refusalOf(0, 4096, 8192).contains("the ranges overlap"));
    assertEquals(0, kernel.count(Call.FIDEDUPERANGE));
  }

  @Test
  void testDedupeRange_blocksOfTheFileSystem() throws IOException {
    source.fileSystemBlockSize = 65536;
    targetAt(65536);
    assertTrue(refusalOf(0, 65536, 4096).contains("the block size, 65536"));
    assertEquals(65536, dedupe(new Range(0, 65536, 65536)));
  }

  @Test
  void testDedupeRange_ofOneFile() throws IOException {
    byte[] twice = FakeFile.dense(8192).bytes();
    kernel.put(SOURCE_NAME, new FakeFile().write(0, twice).write(8192, twice));
    kernel.put(TARGET_NAME, requireNonNull(kernel.get(SOURCE_NAME)));
    assertEquals(8192, dedupe(new Range(0, 8192, 8192)));
    assertEquals(0, dedupe(new Range(4096, 4096, 8192)));
  }

  @Test
  void testDedupeRange_negative() {
    assertThrows(IllegalArgumentException.class, () -> new Range(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Range(0, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Range(0, 0, -1));
  }

  @Test
  void testDedupe_noTarget() {
    assertEquals(NoSuchFileException.class, assertRefused(DEDUPE).getClass());
  }

  // ---- what is no regular file, and what the JDK would throw ----

  @Test
  void testDirectory_isLeftToJdk() throws IOException {
    source.mode = Constants.S_IFDIR | 0755;
    for (OffloadCopyOption option : OffloadCopyOption.values()) {
      if (option == DEDUPE) {
        kernel.put(TARGET_NAME, FakeFile.dense(10));
        assertTrue(assertRefused(option).getReason().contains("not a regular file"));
      } else {
        assertFalse(copy(option));
        assertEquals(UNTOUCHED, kernel.names());
      }
    }
  }

  @Test
  void testSourceMissing() {
    kernel.on(Call.STATX_PATH, 2, Fault.failing(Errno.ENOENT));
    FileSystemException missing = assertRefused(SPARSE_NEVER);
    assertEquals(NoSuchFileException.class, missing.getClass());
    assertEquals(SOURCE_NAME, missing.getFile());
  }

  @Test
  void testSameFile() throws IOException {
    kernel.put(TARGET_NAME, source);
    assertTrue(copy(ATOMIC_TARGET));
    assertEquals(0, kernel.count(Call.OPEN));
  }

  @Test
  void testReplace_keepsOldUntilDone() throws IOException {
    FakeFile old = FakeFile.dense(10);
    kernel.put(TARGET_NAME, old).on(Call.SPLICE_OUT, 1, Fault.failing(Errno.ENOSPC));
    assertRefused(NO_REFLINK, REPLACE_EXISTING);
    kernel.calm();
    assertCopied(NO_REFLINK, REPLACE_EXISTING);
  }

  /** Told of, it is shared in pieces, the last of which must end where the source does. */
  @Test
  void testReflink_sourceGrowsMeanwhile() throws IOException {
    kernel.clones = true;
    source.setSize(20_000_077);
    Fault growing = Fault.after(() -> source.write(source.size(), new byte[] {1, 2, 3}));
    for (int piece = 1; piece <= 3; piece++) {
      kernel.on(Call.FICLONERANGE, piece, growing);
    }
    assertCopied(REFLINK, CopyProgress.of((done, total) -> true));
    assertEquals(0, kernel.count(Call.PREAD) + kernel.count(Call.SPLICE_IN));
  }

  @Test
  void testRefusals_countAsFailed() {
    Totals.reset();
    assertRefused(REFLINK);
    kernel.put(TARGET_NAME, FakeFile.dense(10).setSize(300_000));
    assertRefused(DEDUPE);
    assertEquals(2, Totals.statistics().failed());
    assertEquals(0, Totals.statistics().cancelled());
  }

  // ---- progress ----

  private static final int LARGE = 130 << 20;

  @Test
  void testProgress_small() throws IOException {
    List<Long> told = new ArrayList<>();
    assertCopied(
        CopyProgress.of(
            (done, total) -> {
              told.add(done);
              assertEquals(source.size(), total);
              return true;
            }));
    assertEquals(List.of((long) source.size()), told);
  }

  @Test
  void testProgress_large() throws IOException {
    source.setSize(0).write(0, new byte[LARGE]);
    kernel.pipeCapacity = 1 << 20;
    List<Long> told = new ArrayList<>();
    assertCopied(
        CopyProgress.of(
            (done, total) -> {
              told.add(done);
              assertEquals(LARGE, total);
              return true;
            }));
    assertTrue(told.size() >= 3, told::toString);
    assertEquals(LARGE, told.get(told.size() - 1));
    long last = 0;
    for (long done : told) {
      assertTrue(done > last && done - last <= (65L << 20), told::toString);
      last = done;
    }
  }

  @Test
  void testProgress_cancels() {
    source.setSize(0).write(0, new byte[LARGE]);
    List<Long> told = new ArrayList<>();
    FileSystemException cancelled =
        assertRefused(
            CopyProgress.of(
                (done, total) -> {
                  told.add(done);
                  return false;
                }));
    assertEquals("error " + Errno.ECANCELED.number(), cancelled.getReason());
    assertEquals(1, told.size(), "told again after it wanted no more");
    assertTrue(told.get(0) < LARGE, told::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void testProgress_throws(boolean replacing) {
    IllegalStateException thrown = new IllegalStateException("from the listener");
    CopyProgress progress =
        CopyProgress.of(
            (done, total) -> {
              throw thrown;
            });
    if (replacing) {
      kernel.put(TARGET_NAME, FakeFile.dense(10));
    }
    for (int size : new int[] {1000, 70 << 20}) {
      source.setSize(0).write(0, new byte[size]);
      Set<String> before = kernel.names();
      assertSame(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () -> {
                if (replacing) {
                  copy(progress, REPLACE_EXISTING);
                } else {
                  copy(progress);
                }
              }));
      assertEquals(before, kernel.names());
    }
  }

  @Test
  void testProgress_dedupe() throws IOException {
    FakeFile large = FakeFile.dense(70 << 20);
    kernel.put(SOURCE_NAME, large).put(TARGET_NAME, new FakeFile().write(0, large.bytes()));
    List<Long> told = new ArrayList<>();
    assertTrue(
        copy(
            DEDUPE,
            CopyProgress.of(
                (done, total) -> {
                  told.add(done);
                  return true;
                })));
    assertTrue(told.size() >= 2, told::toString);
    assertEquals(large.size(), told.get(told.size() - 1));
  }
}
