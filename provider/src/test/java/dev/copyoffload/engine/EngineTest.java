package dev.copyoffload.engine;

import static dev.copyoffload.linux.FakeFile.BLOCK;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.engine.Rig.Route;
import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.Fault;
import dev.copyoffload.linux.FileStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy does on a kernel that answers in all the ways that kernels do. */
class EngineTest {
  private final Rig rig = new Rig();

  private static Call callOf(Route route) {
    return switch (route) {
      case FICLONE -> Call.FICLONE;
      case COPY_FILE_RANGE -> Call.COPY_FILE_RANGE;
      case SPLICE -> Call.SPLICE_IN;
      case SENDFILE -> Call.SENDFILE;
      case READ_WRITE -> Call.PREAD;
    };
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void testCopy(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    CopyReport report = rig.through(route, source).copy(source);
    rig.assertCopied(source, report);
    assertTrue(rig.kernel.count(callOf(route)) > 0);
    assertEquals(route == Route.FICLONE ? source.size() : 0, report.bytesShared());
    assertEquals(source.size(), report.bytes());
    assertEquals(route.name().toLowerCase(java.util.Locale.ROOT), name(report));
  }

  private static String name(CopyReport report) {
    return report.method().replace('/', '_');
  }

  /** A clone writes its source out first, which takes xfs longer than to copy a few blocks. */
  @ParameterizedTest
  @CsvSource({
    "XFS, 4096, 0, 1, read_write",
    "XFS, 65535, 50, 1, read_write",
    "OVERLAY, 4096, 0, 1, read_write",
    "XFS, 65536, 0, 16, ficlone",
    "XFS, 4096, 0, 0, ficlone",
    "XFS, 4096, 70, 1, ficlone",
    "BTRFS, 4096, 0, 1, ficlone",
  })
  void testShare_unwritten(String type, int size, int age, int pages, String method) {
    FakeFile source = FakeFile.dense(size);
    source.magic = magicOf(type);
    source.changed = System.currentTimeMillis() / 1000 - age;
    source.unwrittenPages = pages;
    rig.kernel.clones = true;
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(method, name(report));
    assertEquals(
        method.equals("ficlone") ? "[]" : "[ficlone: not on the disk yet]",
        report.declined().toString());
    assertEquals(
        age < 60 && size < 65_536 ? 1 : 0, rig.kernel.count(Call.CACHESTAT), "costs a call");
  }

  /** Before Linux 6.5, and of another user's file, the kernel does not say. */
  @ParameterizedTest
  @EnumSource(names = {"ENOSYS", "EPERM"})
  void testShare_unwrittenUnknown(Errno errno) {
    FakeFile source = FakeFile.dense(4096);
    source.magic = magicOf("XFS");
    source.changed = System.currentTimeMillis() / 1000;
    rig.kernel.always(Call.CACHESTAT, Fault.failing(errno)).clones = true;
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals("ficlone", name(report));
  }

  private static long magicOf(String type) {
    return switch (type) {
      case "XFS" -> 0x58465342L;
      case "BTRFS" -> 0x9123683EL;
      default -> 0x794C7630L;
    };
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FICLONE")
  void testCopy_shortCounts(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source);
    int[] step = {0};
    Fault ragged = wanted -> Math.min(wanted, 1 + step[0]++ * 997L % 4099);
    rig.kernel.always(callOf(route), ragged);
    rig.kernel.always(Call.SPLICE_OUT, ragged).always(Call.PWRITE, ragged);
    rig.assertCopied(source, rig.copy(source));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FICLONE", "READ_WRITE"})
  void testCopy_zeroAtFirst(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source).kernel.on(callOf(route), 1, Fault.atMost(0));
    rig.assertCopied(source, rig.copy(source));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FICLONE", "READ_WRITE"})
  void testCopy_zeroBeforeTheEnd(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source).kernel.on(callOf(route), 3, Fault.atMost(0));
    rig.assertCopied(source, rig.copy(source));
  }

  @Test
  void testCopy_spliceWritesZero() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.kernel.on(Call.SPLICE_OUT, 2, Fault.atMost(0));
    rig.assertCopied(source, rig.copy(source));
    rig.assertNextCopyRight();
  }

  @Test
  void testCopy_writeReturnsZero() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(Route.READ_WRITE, source).kernel.on(Call.PWRITE, 2, Fault.atMost(0));
    rig.assertFailed(Errno.EIO, rig.copy(source));
  }

  @Test
  void testCopy_everythingReturnsZero() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    for (Call call : new Call[] {Call.COPY_FILE_RANGE, Call.SPLICE_IN, Call.SENDFILE}) {
      rig.kernel.always(call, Fault.atMost(0));
    }
    rig.assertCopied(source, rig.copy(source));
  }

  @ParameterizedTest
  @EnumSource
  void testCopy_interruptedOverAndOver(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source);
    for (Call call : new Call[] {callOf(route), Call.SPLICE_OUT, Call.PWRITE}) {
      int[] number = {0};
      rig.kernel.always(
          call,
          wanted -> ++number[0] % 5 == 0 ? Math.min(wanted, 64 << 10) : -Errno.EINTR.number());
    }
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(route.name().toLowerCase(java.util.Locale.ROOT), name(report));
  }

  /** Signals that leave no call time to move a byte must still let the user cancel. */
  @ParameterizedTest
  @EnumSource
  void testCancel_interruptedForEver(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    Call call = route == Route.FICLONE ? Call.FICLONERANGE : callOf(route);
    rig.through(route, source).kernel.always(call, Fault.failing(Errno.EINTR));
    assertInstanceOf(Outcome.Cancelled.class, rig.copy(source, afterAsking(50)).end());
    rig.assertNextCopyRight();
  }

  @ParameterizedTest
  @EnumSource(names = {"SPLICE", "READ_WRITE"})
  void testCancel_writeInterruptedForEver(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    Call out = route == Route.SPLICE ? Call.SPLICE_OUT : Call.PWRITE;
    rig.through(route, source).kernel.always(out, Fault.failing(Errno.EINTR));
    assertInstanceOf(Outcome.Cancelled.class, rig.copy(source, afterAsking(50)).end());
    rig.assertNextCopyRight();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FICLONE")
  void testCancel_betweenCalls(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    CopyReport report = rig.through(route, source).copy(source, afterAsking(5));
    assertInstanceOf(Outcome.Cancelled.class, report.end());
    assertTrue(report.bytes() > 0 && report.bytes() < source.size(), report.toString());
    assertEquals(report.bytes(), rig.target.size());
  }

  /** Shared piece by piece, since nothing ends a clone of the whole. */
  @Test
  void testCancel_betweenClones() {
    FakeFile source = FakeFile.dense((20 << 20) + 5);
    rig.kernel.clones = true;
    CopyReport report = rig.copy(source, afterAsking(3));
    assertInstanceOf(Outcome.Cancelled.class, report.end());
    assertEquals(16 << 20, report.bytesShared());
    report = rig.copy(source, () -> false);
    rig.assertCopied(source, report);
    assertEquals(source.size(), report.bytesShared());
  }

  @Test
  void testClones_refusedHalfWay() {
    FakeFile source = FakeFile.dense((20 << 20) + 5);
    rig.kernel.clones = true;
    rig.kernel.on(Call.FICLONERANGE, 2, Fault.failing(Errno.EINVAL));
    CopyReport report = rig.copy(source, () -> false);
    rig.assertCopied(source, report);
    assertEquals("ficlonerange+splice", report.method());
    assertEquals(8 << 20, report.bytesShared());
  }

  @Test
  void testCancel_betweenExtents() {
    FakeFile source = extents(1000, 9);
    CopyReport report = rig.copy(source, afterAsking(100));
    assertInstanceOf(Outcome.Cancelled.class, report.end());
    assertTrue(rig.target.size() < source.size());
  }

  @Test
  void testCancel_beforeTheFirstCall() {
    assertInstanceOf(
        Outcome.Cancelled.class, rig.copy(FakeFile.dense(Rig.LARGE), () -> true).end());
    assertEquals(0, rig.kernel.count(Call.FICLONE));
  }

  private static Cancellation afterAsking(int times) {
    int[] asked = {0};
    return () -> ++asked[0] > times;
  }

  /** With a file that can be cancelled no call may take long; otherwise the limit is glibc's. */
  @Test
  void testCopyFileRange_chunk() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(Route.COPY_FILE_RANGE, source);
    long[] most = {0};
    Fault noting =
        wanted -> {
          most[0] = Math.max(most[0], wanted);
          return wanted;
        };
    rig.kernel.always(Call.COPY_FILE_RANGE, noting);
    rig.copy(source);
    assertEquals(1L << 30, most[0]);
    most[0] = 0;
    rig.copy(source, () -> false);
    assertEquals(8L << 20, most[0]);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FICLONE")
  void testSource_truncated(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    final byte[] before = source.bytes();
    rig.through(route, source)
        .kernel
        .on(callOf(route), 3, Fault.after(() -> source.setSize(70_000)));
    CopyReport report = rig.copy(source);
    assertInstanceOf(Outcome.Completed.class, report.end());
    // As a read loop: what was read before stays.
    assertTrue(rig.target.contentEquals(before, 128 << 10), report.toString());
    rig.assertNextCopyRight();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FICLONE")
  void testSource_truncatedToNothing(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source).kernel.on(callOf(route), 1, Fault.after(() -> source.setSize(0)));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(0, rig.target.size());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FICLONE")
  void testSource_extended(Route route) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(route, source)
        .kernel
        .on(callOf(route), 3, Fault.after(() -> source.write(Rig.LARGE, random(100_001))));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(Rig.LARGE + 100_001, rig.target.size());
  }

  private static FakeFile extents(int count, int blocksApart) {
    FakeFile source = new FakeFile();
    for (int i = 0; i < count; i++) {
      source.write((long) i * blocksApart * BLOCK, random(BLOCK));
    }
    return source;
  }

  @Test
  void testHoles_thousandsOfExtents() {
    FakeFile source = extents(5000, 9);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(source.blocks(), rig.target.blocks());
    assertEquals(4999L * 8 * BLOCK, report.bytesInHoles());
    assertEquals(5000L * BLOCK, report.bytesMoved());
  }

  /** To leave out as little as that would take longer than to copy it, and so would to look. */
  @Test
  void testHoles_small() {
    FakeFile source = extents(5000, 8);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(0, report.bytesInHoles());
    int seeks = rig.kernel.count(Call.LSEEK);
    assertTrue(seeks < 300, seeks + " seeks");
    FakeFile one = extents(2, 8);
    rig.kernel.calm();
    rig.assertCopied(one, rig.copy(one));
    assertEquals(0, rig.kernel.count(Call.LSEEK));
    one = extents(2, 9);
    report = rig.copy(one);
    rig.assertCopied(one, report);
    assertEquals(8L * BLOCK, report.bytesInHoles());
  }

  /** A hole is worth breaking off where it is half as long as the data before it, or large. */
  @ParameterizedTest
  @CsvSource({"16, 8, 8", "17, 8, 0", "20, 10, 10", "126, 63, 63", "200, 63, 0", "200, 64, 64"})
  void testHoles_behindMuchData(int data, int hole, int kept) {
    FakeFile source = new FakeFile();
    for (int i = 0; i < 3; i++) {
      source.write((long) i * (data + hole) * BLOCK, random(data * BLOCK));
    }
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(2L * kept * BLOCK, report.bytesInHoles());
  }

  @Test
  void testHoles_largeBehindSmall() {
    FakeFile source = extents(5000, 3);
    source.setSize(400L << 20).write(400L << 20, random(5));
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertTrue(report.bytesInHoles() > 300L << 20, report.toString());
    // Four between data are copied with it, and no more are needed to go on looking.
    source = extents(4, 3).setSize(20L * BLOCK).write(20L * BLOCK, random(BLOCK));
    report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(10L * BLOCK, report.bytesInHoles());
    assertEquals("read/write", report.method());
  }

  @Test
  void testHoles_atTheStartInTheMiddleAtTheEnd() {
    FakeFile source = new FakeFile();
    source.write(100L * BLOCK, random(80 * BLOCK)).write(300L * BLOCK, random(5));
    source.setSize(1000L * BLOCK + 17);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(source.blocks(), rig.target.blocks());
    assertEquals(1000L * BLOCK + 17 - 81 * BLOCK, report.bytesInHoles());
  }

  @Test
  void testHoles_allHole() {
    FakeFile source = new FakeFile().setSize(10_000_001);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(0, rig.target.blocks());
    assertEquals(10_000_001, report.bytesInHoles());
  }

  /** openzfs/zfs#8816 and #15526: the map says all hole, the block count says otherwise. */
  @Test
  void testHoles_mapContradictsBlockCount() {
    FakeFile source = FakeFile.dense(Rig.LARGE).setSize(LONG);
    rig.kernel.on(Call.LSEEK, 1, Fault.failing(Errno.ENXIO));
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(0, report.bytesInHoles());
  }

  private static final int LONG = 900_001;

  @Test
  void testHoles_emptyMapOfAFileWithBlocks() {
    FakeFile source = new FakeFile().setSize(LONG);
    source.blocksUnknownToMap = 8;
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(0, report.bytesInHoles());
  }

  /** Pages that are dirty in the cache of a file system whose map is somebody else's. */
  @ParameterizedTest
  @ValueSource(
      longs = {0x65735546, 0x6969, 0xFE534D42L, 0x00C36400, 0x794C7630, 0x2FC12FC1, 0x01021997, 0})
  void testHoles_dirtyPagesThatTheMapDoesNotKnow(long magic) {
    for (int number = 0; number < 3; number++) {
      FakeFile source = new FakeFile().setSize(LONG);
      if (number > 0) {
        source.write(0, random(5 * BLOCK)).write(200L * BLOCK, random(5 * BLOCK));
      }
      if (number > 1) {
        // A driver that has blocks for everything, or for nothing.
        source.blocksUnknownToMap = LONG / 512 + 1;
      }
      source.writeUnseen(20L * BLOCK, random(150 * BLOCK)).magic = magic;
      CopyReport report = rig.copy(source);
      rig.assertCopied(source, report);
      assertEquals(0, report.bytesInHoles());
      assertEquals(0, rig.kernel.count(Call.LSEEK));
    }
  }

  @ParameterizedTest
  @CsvSource({"0xEF53", "0x58465342", "0x9123683E", "0x01021994", "0xF2F52010"})
  void testHoles_believed(String magic) {
    FakeFile source = FakeFile.dense(Rig.LARGE).setSize(LONG);
    source.magic = Long.decode(magic);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(source.size() - 76L * BLOCK, report.bytesInHoles());
  }

  @Test
  void testHoles_fileSystemUnknown() {
    FakeFile source = new FakeFile().setSize(LONG);
    source.writeUnseen(20L * BLOCK, random(50 * BLOCK));
    rig.kernel.always(Call.FSTATFS, Fault.failing(Errno.ENOSYS));
    rig.assertCopied(source, rig.copy(source));
  }

  /** A driver may say any size; what is read decides. */
  @ParameterizedTest
  @CsvSource({"0x65735546, 0", "0x65735546, 5000", "0x65735546, 280000", "0x6969, 290000", "0, 9"})
  void testSize_tooSmall(String magic, long said) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    source.magic = Long.decode(magic);
    source.sizeSaid = said;
    rig.assertCopied(source, rig.copy(source));
  }

  @ParameterizedTest
  @CsvSource({"0x65735546, 400000", "0x6969, 9000000", "0, 350000"})
  void testSize_tooLarge(String magic, long said) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    source.magic = Long.decode(magic);
    source.sizeSaid = said;
    rig.assertCopied(source, rig.copy(source));
  }

  @ParameterizedTest
  @EnumSource
  void testHoles_seekFails(Errno errno) {
    for (int number = 1; number <= 4; number++) {
      FakeFile source = new FakeFile();
      source.write(10L * BLOCK, random(30 * BLOCK)).write(60L * BLOCK, random(BLOCK));
      source.setSize(LONG);
      if (errno == Errno.ENXIO && number % 2 == 1) {
        // A true answer there: nothing but a hole behind.
        continue;
      }
      rig.kernel.calm();
      rig.kernel.on(Call.LSEEK, number, Fault.failing(errno));
      rig.assertCopied(source, rig.copy(source));
    }
    rig.assertNextCopyRight();
  }

  @ParameterizedTest
  @EnumSource
  void testHoles_lengthCannotBeSet(Errno errno) {
    FakeFile source = FakeFile.dense(Rig.LARGE).setSize(LONG);
    rig.kernel.on(Call.FTRUNCATE, 1, Fault.failing(errno));
    CopyReport report = rig.copy(source);
    switch (errno) {
      case EINTR, EPERM, EACCES, ENOSYS -> rig.assertCopied(source, report);
      default -> rig.assertFailed(errno, report);
    }
  }

  /** As seccomp does it in containers. */
  @Test
  void testHoles_lengthIsNeverSet() {
    FakeFile source = FakeFile.dense(Rig.LARGE).setSize(LONG);
    rig.kernel.always(Call.FTRUNCATE, Fault.failing(Errno.EPERM));
    rig.kernel.on(Call.PWRITE, 1, Fault.failing(Errno.EINTR));
    rig.assertCopied(source, rig.copy(source));
    rig.kernel.always(Call.PWRITE, Fault.failing(Errno.ENOSPC));
    rig.assertFailed(Errno.ENOSPC, rig.copy(source));
    rig.kernel.always(Call.PWRITE, Fault.atMost(0));
    rig.assertFailed(Errno.EIO, rig.copy(source));
    rig.kernel.always(Call.PWRITE, Fault.failing(Errno.EINTR));
    assertInstanceOf(Outcome.Cancelled.class, rig.copy(source, afterAsking(50)).end());
  }

  /** The bytes behind a truncation are gone, not zero. */
  @Test
  void testHoles_truncatedBeforeTheLastExtent() {
    FakeFile source = new FakeFile().write(0, random(16 * BLOCK));
    source.write(100L * BLOCK, random(16 * BLOCK));
    // The third seek asks for data behind the first extent.
    rig.kernel.on(Call.LSEEK, 3, Fault.after(() -> source.setSize(16L * BLOCK)));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(16 * BLOCK, rig.target.size());
  }

  @Test
  void testHoles_truncatedWithinTheLastHole() {
    FakeFile source = new FakeFile().write(0, random(16 * BLOCK)).setSize(LONG);
    rig.kernel.on(Call.LSEEK, 3, Fault.after(() -> source.setSize(20L * BLOCK)));
    rig.assertCopied(source, rig.copy(source));
  }

  /** Without data while it was short, and long again when that was asked for. */
  @Test
  void testHoles_truncatedAndWrittenAnew() {
    FakeFile source = new FakeFile().write(0, random(16 * BLOCK));
    source.write(100L * BLOCK, random(16 * BLOCK));
    rig.kernel.on(
        Call.LSEEK,
        3,
        wanted -> {
          source.write(16L * BLOCK, random(100 * BLOCK));
          source.changed++;
          return -Errno.ENXIO.number();
        });
    rig.assertCopied(source, rig.copy(source));
  }

  /** A part was shared before the disk was full, or said so. */
  @ParameterizedTest
  @EnumSource(names = {"ENOSPC", "EDQUOT", "EIO", "ENOMEM"})
  void testShare_failsMidway(Errno errno) {
    FakeFile source = new FakeFile().setSize(64L * BLOCK).write(64L * BLOCK, random(20 * BLOCK));
    rig.kernel.on(
        Call.FICLONE,
        1,
        wanted -> {
          rig.target.write(0, random(90 * BLOCK));
          return -errno.number();
        });
    rig.assertCopied(source, rig.copy(source));
    assertEquals(84 * BLOCK, rig.target.size());
  }

  @Test
  void testHoles_truncatedInsideAnExtent() {
    FakeFile source = new FakeFile().setSize(64L * BLOCK).write(64L * BLOCK, random(20 * BLOCK));
    rig.kernel.on(Call.PREAD, 1, Fault.after(() -> source.setSize(70L * BLOCK)));
    rig.assertCopied(source, rig.copy(source));
  }

  @Test
  void testHoles_extended() {
    FakeFile source = new FakeFile().setSize(64L * BLOCK).write(64L * BLOCK, random(20 * BLOCK));
    rig.kernel.on(
        Call.PREAD, 1, Fault.after(() -> source.write(200L * BLOCK, random(100 * BLOCK))));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(300 * BLOCK, rig.target.size());
  }

  /** A writer that fills the hole again and again must not keep the copy from ending. */
  @Test
  void testHoles_mapChangesAllTheTime() {
    FakeFile source = extents(50, 4);
    int[] seeks = {0};
    rig.kernel.always(
        Call.LSEEK,
        Fault.after(
            () -> {
              int block = seeks[0]++ * 7 % 200;
              source.write((long) block * BLOCK, Arrays.copyOf(random(BLOCK), BLOCK));
            }));
    assertInstanceOf(Outcome.Completed.class, rig.copy(source).end());
    assertEquals(source.size(), rig.target.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOSPC", "EDQUOT", "EIO"})
  void testHoles_writeFailsInALaterExtent(Errno errno) {
    FakeFile source = extents(20, 9);
    rig.kernel.on(Call.PWRITE, 11, Fault.failing(errno));
    rig.assertFailed(errno, rig.copy(source));
    rig.assertNextCopyRight();
  }

  @Test
  void testPipe_widthRefused() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.kernel.always(Call.FCNTL, Fault.failing(Errno.EPERM));
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals("sendfile", report.method());
    assertEquals(0, rig.kernel.openDescriptors());
  }

  @Test
  void testPipe_narrowerGranted() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.kernel.on(Call.FCNTL, 1, Fault.failing(Errno.EPERM));
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals("splice", report.method());
  }

  @Test
  void testPipe_pooled() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    for (int i = 0; i < 5; i++) {
      rig.assertCopied(source, rig.copy(source));
    }
    assertEquals(1, rig.kernel.count(Call.PIPE));
  }

  @Test
  void testPipe_notPooledWithBytesInIt() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.kernel.on(Call.SPLICE_OUT, 2, Fault.failing(Errno.ENOSPC));
    rig.assertFailed(Errno.ENOSPC, rig.copy(source));
    assertEquals(0, rig.kernel.openDescriptors());
    rig.assertNextCopyRight();
  }

  @Test
  void testLocal_noCopyFileRange() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    CopyReport report = rig.copy(source);
    assertEquals(0, rig.kernel.count(Call.COPY_FILE_RANGE));
    assertFalse(report.declined().isEmpty());
  }

  /** What a pipe, or the question what the file system is, would take longer than. */
  @ParameterizedTest
  @CsvSource({
    "0xEF53, 100000, read/write",
    "0xEF53, 262143, read/write",
    "0xEF53, 262144, splice",
    "0x6969, 262143, read/write",
    "0x6969, 262144, copy_file_range",
  })
  void testSmall_readWriteOnly(String magic, int size, String method) {
    FakeFile source = FakeFile.dense(size);
    source.magic = Long.decode(magic);
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(method, report.method());
    assertEquals(method.equals("splice") ? 1 : 0, rig.kernel.count(Call.PIPE));
    assertEquals(size < 262_144 ? 0 : 1, rig.kernel.count(Call.FALLOCATE));
  }

  /** Whole blocks of zeros, of the size that the target says if that can be one. */
  @ParameterizedTest
  @CsvSource({
    "256, 4096",
    "512, 512",
    "1024, 1024",
    "3000, 4096",
    "65536, 65536",
    "131072, 4096",
    "-1, 4096"
  })
  void testZeros_blocks(int said, int block) {
    FakeFile source = new FakeFile().write(0, new byte[3_000_003]);
    source.write(1_234_567, new byte[] {1}).write(3_000_002, new byte[] {2});
    rig.target.blockSize = said;
    if (said < 0) {
      rig.kernel.on(Call.STATX, 2, Fault.failing(Errno.EIO));
    }
    CopyReport report = rig.copyLeavingZerosOut(source);
    rig.assertCopied(source, report);
    assertEquals(block + 3_000_003 % block, report.bytesMoved());
    assertEquals(source.size(), report.bytes());
  }

  @Test
  void testClone_refusalIsRemembered() {
    FakeFile small = FakeFile.dense((1 << 20) - 1);
    FakeFile large = FakeFile.dense(1 << 20);
    rig.assertCopied(small, rig.copy(small));
    rig.assertCopied(small, rig.copy(small));
    assertEquals(1, rig.kernel.count(Call.FICLONE));
    rig.assertCopied(large, rig.copy(large));
    assertEquals(2, rig.kernel.count(Call.FICLONE));
    // A device number can come to name another file system.
    rig.kernel.clones = true;
    assertEquals(large.size(), rig.copy(large).bytesShared());
    assertEquals(small.size(), rig.copy(small).bytesShared());
  }

  @Test
  void testClone_otherFileSystemIsRemembered() {
    FakeFile source = FakeFile.dense((1 << 20) - 1);
    rig.kernel.clones = true;
    rig.kernel.on(Call.FICLONE, 1, Fault.failing(Errno.EXDEV));
    rig.targetDevice = 2;
    rig.assertCopied(source, rig.copy(source));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(1, rig.kernel.count(Call.FICLONE));
    // Only of those two.
    rig.targetDevice = 1;
    assertEquals(source.size(), rig.copy(source).bytesShared());
  }

  @ParameterizedTest
  @CsvSource({"0, true", "59, true", "60, false"})
  void testIsYoung(long age, boolean young) {
    FakeFile source = new FakeFile();
    source.changed = 1000;
    try (Descriptor in = rig.kernel.opened(source)) {
      FileStatus status = requireNonNull(FileStatus.of(rig.kernel, in.number()));
      assertEquals(young, CopyRun.isYoung(status, 1000 + age));
    }
  }

  @ParameterizedTest
  @CsvSource({"4095, 0", "4096, 4096"})
  void testClone_fromOneBlockOn(int size, long shared) {
    FakeFile source = FakeFile.dense(size);
    rig.kernel.clones = true;
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals(shared, report.bytesShared());
  }

  @Test
  void testClone_sizeUnknown() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.through(Route.FICLONE, source);
    // The first is the test's own.
    rig.kernel.on(Call.STATX, 2, Fault.failing(Errno.EINTR));
    rig.assertCopied(source, rig.copy(source));
  }

  @Test
  void testReserve_givenBackWhereTheSourceShrinks() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.targetMagic = 0xEF53;
    rig.kernel.on(Call.SPLICE_IN, 2, Fault.after(() -> source.setSize(70_000)));
    CopyReport report = rig.copy(source);
    assertInstanceOf(Outcome.Completed.class, report.end());
    assertEquals(1, rig.kernel.count(Call.FALLOCATE));
    assertEquals(1, rig.kernel.count(Call.FTRUNCATE));
    assertEquals(18 * BLOCK / 512, rig.target.blocks());
    // Where that is refused, the copy is right all the same.
    FakeFile again = FakeFile.dense(Rig.LARGE);
    rig.kernel.calm();
    rig.kernel.always(Call.FTRUNCATE, Fault.failing(Errno.EPERM));
    rig.kernel.on(Call.SPLICE_IN, 2, Fault.after(() -> again.setSize(70_000)));
    assertInstanceOf(Outcome.Completed.class, rig.copy(again).end());
  }

  /** What a copy leaves behind that is killed, and takes from others until it is done. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 12345})
  void testReserve_neverFarAhead(long more) {
    FakeFile source = FakeFile.dense((int) (2 * Tuning.RESERVED_AHEAD + more));
    rig.targetMagic = 0xEF53;
    rig.kernel.pipeCapacity = 256 << 10;
    long[] most = {0};
    rig.kernel.always(
        Call.SPLICE_OUT,
        Fault.after(
            () -> {
              long ahead = rig.target.blocks() * 512 - rig.target.size();
              most[0] = Math.max(most[0], ahead);
            }));
    CopyReport report = rig.copy(source);
    rig.assertCopied(source, report);
    assertEquals("splice", report.method());
    assertTrue(most[0] > 0 && most[0] <= Tuning.RESERVED_AHEAD, most[0] + " bytes");
    assertEquals(source.blocks(), rig.target.blocks());
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOSPC", "EDQUOT", "EIO"})
  void testReserve_givenBackWhereTheCopyFails(Errno errno) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.targetMagic = 0xEF53;
    rig.kernel.on(Call.SPLICE_OUT, 2, Fault.failing(errno));
    rig.assertFailed(errno, rig.copy(source));
    assertTrue(rig.target.blocks() * 512 - rig.target.size() < BLOCK, rig.target.blocks() + "");
  }

  /** A refused fallocate(2) keeps what it could get on ext4. */
  @Test
  void testReserve_givenBackWhereItIsRefused() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.targetMagic = 0xEF53;
    rig.kernel.always(
        Call.FALLOCATE,
        wanted -> {
          rig.target.reserve(0, 50 * BLOCK);
          return -Errno.ENOSPC.number();
        });
    long[] atFirst = {-1};
    rig.kernel.on(Call.SPLICE_OUT, 1, Fault.after(() -> atFirst[0] = rig.target.blocks()));
    rig.assertCopied(source, rig.copy(source));
    assertEquals(0, atFirst[0]);
    assertEquals(1, rig.kernel.count(Call.FALLOCATE));
  }

  @Test
  void testReserve_onlyWhereItGains() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    rig.targetMagic = 0x58465342;
    rig.assertCopied(source, rig.copy(source));
    assertEquals(0, rig.kernel.count(Call.FALLOCATE));
    rig.targetMagic = 0xEF53;
    rig.assertCopied(source, rig.copy(source));
    assertEquals(1, rig.kernel.count(Call.FALLOCATE));
    FakeFile small = FakeFile.dense(5000);
    rig.assertCopied(small, rig.copy(small));
    assertEquals(1, rig.kernel.count(Call.FALLOCATE));
  }

  private static final Buffers NONE =
      new Buffers(1) {
        @Override
        ByteBuffer allocate(int size) {
          throw new OutOfMemoryError("Cannot reserve direct buffer memory");
        }
      };

  /** A program has used up its direct memory: stock needs none to copy. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100_000, Rig.LARGE})
  void testMemory_usedUp(int size) {
    FakeFile source = FakeFile.dense(size);
    Rig without = new Rig(NONE);
    without.assertCopied(source, without.copy(source));
    FakeFile sparse = FakeFile.dense(size).setSize(LONG);
    without.assertCopied(sparse, without.copy(sparse));
    without.through(Route.SENDFILE, source);
    without.assertCopied(source, without.copy(source));
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, Rig.LARGE})
  void testMemory_usedUpAndNothingElseWorks(int size) {
    Rig without = new Rig(NONE);
    FakeFile source = FakeFile.dense(size);
    without.through(Route.READ_WRITE, source);
    CopyReport report = without.copy(source);
    assertInstanceOf(Outcome.Declined.class, report.end(), report.toString());
    assertTrue(report.declinedText().contains("read/write: no memory"), report.toString());
    assertEquals(0, without.target.size());
  }
}
