package dev.copyoffload.engine;

import static dev.copyoffload.engine.Rig.HELD;
import static dev.copyoffload.linux.FakeFile.BLOCK;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.engine.Rig.Policy;
import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.Fault;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges: what is shared, what stays a hole, what is moved and what is declined. */
class RangeTest {
  private static final Policy LARGE_ONLY = Rig.moving(new Object(), 256 << 10, 0);
  private static final long FUSE = 0x65735546;

  private final Rig rig = new Rig();

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** Data at blocks 20 to 29 and 60 to 69, holes around them, 100 blocks and a bit in all. */
  private static FakeFile sparse() {
    return new FakeFile()
        .write(20L * BLOCK, random(10 * BLOCK))
        .write(60L * BLOCK, random(10 * BLOCK))
        .setSize(100L * BLOCK + 17);
  }

  private static Range all(FakeFile source) {
    return new Range(0, 0, source.size());
  }

  /** What must be in the target: what was there, and over it the range. */
  private static byte[] expected(byte[] before, byte[] source, Range span) {
    int there = (int) Math.max(0, Math.min(span.length(), source.length - span.sourceOffset()));
    int to = (int) span.targetOffset();
    byte[] result =
        Arrays.copyOf(before, there == 0 ? before.length : Math.max(before.length, to + there));
    System.arraycopy(source, Math.min(source.length, (int) span.sourceOffset()), result, to, there);
    return result;
  }

  private CopyReport assertRange(FakeFile source, Range span, Policy policy) {
    byte[] wanted = expected(rig.target.bytes(), source.bytes(), span);
    CopyReport report = rig.range(source, span, policy);
    assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
    assertArrayEquals(wanted, rig.target.bytes(), report.toString());
    assertEquals(report.end().bytes(), report.bytes(), report.toString());
    return report;
  }

  @Test
  void testHoles_behindTheEnd() {
    FakeFile source = sparse();
    CopyReport report = assertRange(source, all(source), HELD);
    assertEquals(20L * BLOCK, report.bytesMoved());
    assertEquals(source.size() - 20L * BLOCK, report.bytesInHoles());
    // The block of the last byte, which makes the file as long as it is.
    assertEquals(source.blocks() + BLOCK / 512, rig.target.blocks());
    assertEquals(0, rig.kernel.count(Call.FTRUNCATE));
    assertEquals(0, rig.kernel.count(Call.FALLOCATE));
  }

  @Test
  void testHoles_endingInData() {
    FakeFile source = sparse();
    assertRange(source, new Range(1000, 5, 65L * BLOCK), HELD);
    assertTrue(rig.target.blocks() <= 18L * BLOCK / 512, rig.target.blocks() + " blocks");
  }

  @Test
  void testHoles_punched() {
    FakeFile source = sparse();
    rig.target = FakeFile.dense(120 * BLOCK);
    assertRange(source, all(source), HELD);
    assertEquals(40L * BLOCK / 512, rig.target.blocks());
  }

  @Test
  void testHoles_acrossTheEnd() {
    FakeFile source = sparse();
    rig.target = FakeFile.dense(45 * BLOCK);
    CopyReport report = assertRange(source, all(source), HELD);
    assertEquals(20L * BLOCK, report.bytesMoved());
    assertEquals(21L * BLOCK / 512, rig.target.blocks());
  }

  @Test
  void testHoles_notAligned() {
    FakeFile source = sparse();
    rig.target = FakeFile.dense(150 * BLOCK);
    assertRange(source, new Range(10L * BLOCK + 100, 7, 40L * BLOCK + 5), HELD);
    // From 29 to 40 blocks and a bit, and from the start to 9 blocks and a bit.
    assertTrue(rig.target.blocks() <= (150L - 8 - 18) * BLOCK / 512, rig.target.blocks() + "");
  }

  @ParameterizedTest
  @EnumSource
  void testHoles_punchRefused(Errno errno) {
    FakeFile source = sparse();
    rig.target = FakeFile.dense(90 * BLOCK);
    rig.kernel.on(Call.FALLOCATE, 1, Fault.failing(errno));
    CopyReport report = assertRange(source, all(source), HELD);
    boolean again = errno == Errno.EINTR;
    assertEquals(again ? 4 : 1, rig.kernel.count(Call.FALLOCATE));
    assertEquals(again ? 20L * BLOCK : 90L * BLOCK, report.bytesMoved());
  }

  @Test
  void testHoles_offsetNotHeld() {
    FakeFile source = sparse();
    CopyReport report = assertRange(source, all(source), Rig.moving(null, 0, 0));
    assertEquals(0, report.bytesInHoles());
    assertEquals(0, rig.kernel.count(Call.LSEEK));
  }

  @Test
  void testHoles_notAskedForWhereThereAreNone() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    assertRange(source, all(source), HELD);
    assertEquals(0, rig.kernel.count(Call.LSEEK));
    assertRange(sparse(), new Range(0, 0, (64 << 10) - 1), HELD);
    assertEquals(0, rig.kernel.count(Call.LSEEK));
  }

  @Test
  void testHoles_notWithinTheRange() {
    FakeFile source = FakeFile.dense(100 * BLOCK).setSize(1000L * BLOCK);
    CopyReport report = assertRange(source, new Range(5, 0, 90L * BLOCK), HELD);
    assertEquals(0, report.bytesInHoles());
    assertEquals("splice", report.method());
  }

  @ParameterizedTest
  @CsvSource({
    "0x6969, 0xEF53, 262144, copy_file_range",
    "0xEF53, 0x6969, 262144, copy_file_range",
    "0x6969, 0xEF53, 262143, read/write",
    "0xEF53, 0xEF53, 262144, splice"
  })
  void testMove_remotely(String from, String to, int length, String method) {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    source.magic = Long.decode(from);
    rig.target.magic = Long.decode(to);
    assertEquals(method, assertRange(source, new Range(5, 0, length), HELD).method());
  }

  @Test
  void testHoles_fuse() {
    FakeFile source = sparse();
    rig.target.magic = FUSE;
    CopyReport report = assertRange(source, all(source), HELD);
    assertEquals(0, report.bytesInHoles());
    assertEquals(0, rig.kernel.count(Call.LSEEK));
  }

  /** FUSE, NFS, an overlay, and a file system that nobody knows. */
  @ParameterizedTest
  @ValueSource(longs = {FUSE, 0x6969, 0x794C7630, 0x2FC12FC1, 0})
  void testHoles_dirtyPagesThatTheMapDoesNotKnow(long magic) {
    FakeFile source = sparse().writeUnseen(75L * BLOCK, random(20 * BLOCK));
    source.magic = magic;
    CopyReport report = assertRange(source, all(source), HELD);
    assertEquals(0, report.bytesInHoles());
    assertEquals(0, rig.kernel.count(Call.LSEEK));
    assertDeclined(source, new Range(5L * BLOCK, 3, 20L * BLOCK), LARGE_ONLY);
  }

  @Test
  void testHoles_allHole() {
    FakeFile source = new FakeFile().setSize(100L * BLOCK);
    CopyReport report = assertRange(source, new Range(BLOCK, 3L * BLOCK, 80L * BLOCK), HELD);
    assertEquals(80L * BLOCK, report.bytesInHoles());
    assertEquals(BLOCK / 512, rig.target.blocks());
    assertEquals(0, rig.kernel.count(Call.PREAD));
  }

  /** openzfs/zfs#8816 and #15526: the map says all hole, the block count says otherwise. */
  @ParameterizedTest
  @ValueSource(ints = {0, 30 * BLOCK})
  void testHoles_mapContradictsBlockCount(int from) {
    FakeFile source = sparse();
    // The first asks for the offset, the third puts it back.
    rig.kernel.on(Call.LSEEK, 2, Fault.failing(Errno.ENXIO));
    if (from > 0) {
      // Whether there is any data at all.
      rig.kernel.on(Call.LSEEK, 5, Fault.failing(Errno.ENXIO));
    }
    CopyReport report = assertRange(source, new Range(from, 0, source.size()), HELD);
    assertEquals(0, report.bytesInHoles());
  }

  @Test
  void testHoles_behindTheLastData() {
    FakeFile source = sparse();
    CopyReport report = assertRange(source, new Range(75L * BLOCK, 0, 20L * BLOCK), HELD);
    assertEquals(20L * BLOCK, report.bytesInHoles());
  }

  @ParameterizedTest
  @EnumSource
  void testHoles_seekFails(Errno errno) {
    FakeFile source = sparse();
    rig.range(source, all(source), HELD);
    int seeks = rig.kernel.count(Call.LSEEK);
    assertEquals(15, seeks);
    for (int number = 1; number <= seeks; number++) {
      if (errno == Errno.ENXIO && (number == 8 || number == 14)) {
        // A true answer there: nothing but a hole behind.
        continue;
      }
      rig.kernel.calm();
      rig.target = FakeFile.dense(20 * BLOCK);
      rig.kernel.on(Call.LSEEK, number, Fault.failing(errno));
      if (number % 3 == 0 && errno != Errno.EINTR) {
        // Whoever shares the offset must hear of it.
        CopyReport report = rig.range(source, all(source), HELD);
        rig.assertFailed(errno, report);
        assertEquals(report.bytes(), report.end().bytes(), report.toString());
      } else {
        assertRange(source, all(source), HELD);
      }
    }
  }

  @Test
  void testHoles_mapWithoutProgress() {
    FakeFile source = sparse();
    rig.kernel.on(Call.LSEEK, 3, Fault.after(() -> source.punch(20L * BLOCK, 10L * BLOCK)));
    assertInstanceOf(Outcome.Completed.class, rig.range(source, all(source), HELD).end());
    assertEquals(source.size(), rig.target.size());
  }

  @Test
  void testHoles_mapChangesAllTheTime() {
    FakeFile source = sparse();
    int[] seeks = {0};
    rig.kernel.always(
        Call.LSEEK,
        wanted -> {
          source.write(seeks[0]++ * 7L % 100 * BLOCK, random(BLOCK));
          return 0;
        });
    Range more = new Range(0, 0, Range.TO_END);
    assertInstanceOf(Outcome.Completed.class, rig.range(source, more, HELD).end());
    assertEquals(source.size(), rig.target.size());
  }

  /** The bytes behind a truncation are gone, not zero; those before it are there. */
  @Test
  void testHoles_truncated() {
    for (Call call : new Call[] {Call.LSEEK, Call.STATX, Call.PREAD}) {
      for (int number = 1; number <= 7; number++) {
        for (int size : new int[] {0, 10, 25, 40, 65, 90}) {
          FakeFile source = sparse();
          final byte[] before = source.bytes();
          rig.kernel.calm();
          rig.target = new FakeFile();
          rig.kernel.on(call, number, Fault.after(() -> source.setSize((long) size * BLOCK)));
          CopyReport report = rig.range(source, new Range(0, 0, Range.TO_END), HELD);
          assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
          assertEquals(rig.target.size(), report.end().bytes(), report.toString());
          assertTrue(rig.target.size() >= source.size(), report.toString());
          assertArrayEquals(Arrays.copyOf(before, rig.target.size()), rig.target.bytes());
          if (call == Call.LSEEK && number == 6) {
            assertTrue(rig.target.size() <= Math.max(70, size) * BLOCK, report.toString());
          }
        }
      }
    }
  }

  @Test
  void testHoles_extended() {
    FakeFile source = sparse();
    rig.kernel.on(Call.LSEEK, 4, Fault.after(() -> source.write(150L * BLOCK, random(9000))));
    CopyReport report = rig.range(source, new Range(0, 0, Range.TO_END), HELD);
    assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
    assertArrayEquals(source.bytes(), rig.target.bytes());
    // But never more than was asked for.
    FakeFile again = sparse();
    rig.kernel.calm();
    rig.kernel.on(Call.LSEEK, 4, Fault.after(() -> again.write(150L * BLOCK, random(9000))));
    rig.target = new FakeFile();
    report = rig.range(again, new Range(0, 0, 110L * BLOCK), HELD);
    assertEquals(110L * BLOCK, report.end().bytes());
    assertEquals(110 * BLOCK, rig.target.size());
  }

  @Test
  void testHoles_extendedAndFull() {
    FakeFile source = sparse();
    rig.kernel.on(Call.LSEEK, 4, Fault.after(() -> source.write(150L * BLOCK, random(9000))));
    rig.kernel.on(Call.PWRITE, 3, Fault.failing(Errno.ENOSPC));
    CopyReport report = rig.range(source, new Range(0, 0, Range.TO_END), HELD);
    rig.assertFailed(Errno.ENOSPC, report);
    assertEquals(70L * BLOCK, report.end().bytes());
    assertEquals(70L * BLOCK, report.bytes());
    assertEquals(70 * BLOCK, rig.target.size());
  }

  /** Between two threads that write to one file, each may make it longer. */
  @Test
  void testHoles_targetExtendedMeanwhile() {
    FakeFile source = sparse();
    byte[] others = random(5000);
    rig.kernel.on(Call.PWRITE, 2, Fault.after(() -> rig.target.write(200L * BLOCK, others)));
    rig.range(source, all(source), HELD);
    byte[] wanted = Arrays.copyOf(source.bytes(), 200 * BLOCK + others.length);
    System.arraycopy(others, 0, wanted, 200 * BLOCK, others.length);
    assertArrayEquals(wanted, rig.target.bytes());
  }

  @ParameterizedTest
  @EnumSource(names = {"ENOSPC", "EDQUOT", "EIO", "EFBIG"})
  void testHoles_writeFails(Errno errno) {
    FakeFile source = sparse();
    int[] there = {0, 30, 70};
    for (int number = 1; number <= 3; number++) {
      rig.kernel.calm();
      rig.target = new FakeFile();
      rig.kernel.on(Call.PWRITE, number, Fault.failing(errno));
      CopyReport report = rig.range(source, all(source), HELD);
      rig.assertFailed(errno, report);
      // A hole is there once something is behind it.
      assertEquals((long) there[number - 1] * BLOCK, report.end().bytes());
      assertEquals(report.end().bytes(), rig.target.size());
      assertEquals(report.bytes(), report.end().bytes(), report.toString());
    }
    // And half way through an extent.
    rig.kernel.calm();
    rig.target = new FakeFile();
    rig.kernel.always(Call.PWRITE, Fault.atMost(5 * BLOCK));
    rig.kernel.on(Call.PWRITE, 2, Fault.failing(errno));
    CopyReport report = rig.range(source, all(source), HELD);
    rig.assertFailed(errno, report);
    assertEquals(25L * BLOCK, report.end().bytes());
    assertEquals(25L * BLOCK, report.bytes());
  }

  @Test
  void testHoles_lastByteIsNotTaken() {
    FakeFile source = sparse();
    rig.kernel.on(Call.PWRITE, 3, Fault.atMost(0));
    rig.assertFailed(Errno.EIO, rig.range(source, all(source), HELD));
    rig.kernel.calm();
    rig.target = new FakeFile();
    rig.kernel.on(Call.PWRITE, 3, Fault.failing(Errno.EINTR));
    assertRange(source, all(source), HELD);
  }

  @Test
  void testHoles_cancelled() {
    for (int asked = 0; asked < 8; asked++) {
      FakeFile source = sparse();
      rig.target = FakeFile.dense(10 * BLOCK);
      int[] left = {asked};
      CopyReport report = rig.range(source, all(source), HELD, () -> left[0]-- <= 0);
      assertEquals(report.bytes(), report.end().bytes(), report.toString());
      if (report.end() instanceof Outcome.Cancelled) {
        byte[] done = Arrays.copyOf(rig.target.bytes(), (int) report.bytes());
        assertArrayEquals(Arrays.copyOf(source.bytes(), done.length), done);
        assertTrue(report.bytes() <= 70L * BLOCK, report.toString());
      }
    }
    FakeFile source = sparse();
    rig.target = FakeFile.dense(10 * BLOCK);
    rig.kernel.always(Call.FALLOCATE, Fault.failing(Errno.EINTR));
    int[] left = {50};
    CopyReport report = rig.range(source, all(source), HELD, () -> left[0]-- <= 0);
    assertEquals(new Outcome.Cancelled(0), report.end());
    rig.kernel.calm();
    boolean[] stop = {false};
    rig.kernel.on(
        Call.PWRITE,
        3,
        wanted -> {
          stop[0] = true;
          return -Errno.EINTR.number();
        });
    report = rig.range(source, all(source), HELD, () -> stop[0]);
    assertEquals(new Outcome.Cancelled(70L * BLOCK), report.end());
  }

  @Test
  void testOneFile() {
    FakeFile source = sparse();
    rig.target = source;
    assertRange(source, new Range(10L * BLOCK, 50L * BLOCK, 40L * BLOCK), HELD);
    // Behind its end, and no further than it was.
    CopyReport report =
        assertRange(source, new Range(80L * BLOCK, 120L * BLOCK, Range.TO_END - 1), HELD);
    assertEquals(20L * BLOCK + 17, report.end().bytes());
  }

  @Test
  void testOneFile_overlapping() {
    FakeFile source = sparse();
    rig.target = source;
    CopyReport report = assertRange(source, new Range(10L * BLOCK, 15L * BLOCK, 80L * BLOCK), HELD);
    assertEquals(0, report.bytesInHoles());
    assertEquals(0, rig.kernel.count(Call.LSEEK));
    report = rig.range(source, new Range(0, 5, 70_000), LARGE_ONLY);
    assertInstanceOf(Outcome.Declined.class, report.end());
  }

  /** In several pieces, which are read and written in parts; as memmove(3) does it. */
  @ParameterizedTest
  @ValueSource(ints = {5000, -5000})
  void testOneFile_overlappingInPieces(int shift) {
    Range span = new Range(10_000, 10_000 + shift, 600_000);
    FakeFile source = FakeFile.dense(700_000);
    rig.target = source;
    int[] met = {0};
    Fault ragged = wanted -> ++met[0] % 3 == 0 ? -Errno.EINTR.number() : Math.min(70_001, wanted);
    rig.kernel.always(Call.PREAD, ragged).always(Call.PWRITE, ragged);
    assertEquals(span.length(), assertRange(source, span, HELD).bytesMoved());
    // What is cut off meanwhile reads as zeros.
    byte[] cut = Arrays.copyOf(Arrays.copyOf(source.bytes(), 300_000), 700_000);
    rig.kernel.calm();
    rig.kernel.on(Call.PREAD, 1, Fault.after(() -> source.setSize(300_000)));
    CopyReport report = rig.range(source, span, HELD);
    assertEquals(new Outcome.Completed(600_000), report.end());
    byte[] wanted = expected(cut, cut, span);
    assertArrayEquals(Arrays.copyOf(wanted, source.size()), source.bytes());
    assertEquals(610_000 + shift, source.size());
  }

  /** What ends half way is a mixture. */
  @Test
  void testOneFile_overlappingFails() {
    Range span = new Range(0, 5000, 600_000);
    FakeFile source = FakeFile.dense(700_000);
    rig.target = source;
    for (Call call : new Call[] {Call.PREAD, Call.PWRITE}) {
      rig.kernel.calm();
      rig.kernel.on(call, 2, Fault.failing(Errno.EIO));
      CopyReport report = rig.range(source, span, HELD);
      String name = call == Call.PREAD ? "read" : "write";
      assertEquals(new Outcome.Failed(0, name, Errno.EIO.number()), report.end());
      rig.kernel.calm();
      boolean[] stop = {false};
      rig.kernel.on(call, 2, Fault.after(() -> stop[0] = true));
      report = rig.range(source, span, HELD, () -> stop[0]);
      assertEquals(new Outcome.Cancelled(0), report.end());
    }
  }

  @ParameterizedTest
  @CsvSource({"65536, 65536", "65535, 0", "65537, 65536", "69631, 65536", "69632, 69632"})
  void testShared_fromOneSizeOn(int length, long shared) {
    rig.kernel.clones = true;
    FakeFile source = FakeFile.dense(Rig.LARGE);
    source.blockSize = length % BLOCK == 0 ? 64 << 10 : BLOCK;
    Range span = new Range(16L * BLOCK, 0, length);
    assertEquals(
        shared / source.blockSize * source.blockSize,
        assertRange(source, span, HELD).bytesShared());
    assertEquals(0, rig.kernel.count(Call.FSTATFS));
  }

  @Test
  void testShared_allButTheEdges() {
    rig.kernel.clones = true;
    FakeFile source = sparse();
    rig.target = FakeFile.dense(120 * BLOCK);
    CopyReport report = assertRange(source, new Range(100, 100, 90L * BLOCK), LARGE_ONLY);
    assertEquals(89L * BLOCK, report.bytesShared());
    assertEquals(0, rig.kernel.count(Call.FSTATFS));
    rig.target = new FakeFile();
    report = assertRange(source, new Range(0, 0, 17L * BLOCK), LARGE_ONLY);
    assertEquals(17L * BLOCK, report.bytesShared());
  }

  @Test
  void testShared_notWithoutTheHead() {
    rig.kernel.clones = true;
    FakeFile source = FakeFile.dense(100 * BLOCK);
    Range span = new Range(100, 100, 90L * BLOCK);
    rig.kernel.on(Call.PWRITE, 1, Fault.failing(Errno.ENOSPC));
    rig.assertFailed(Errno.ENOSPC, rig.range(source, span, HELD));
    assertEquals(0, rig.target.size());
    rig.kernel.calm();
    rig.kernel.on(Call.FICLONERANGE, 1, Fault.failing(Errno.EIO));
    // What a clone meets, the other methods may not.
    assertEquals(0, assertRange(source, span, HELD).bytesShared());
    rig.kernel.calm();
    rig.kernel.on(Call.PREAD, 1, Fault.after(() -> source.setSize(300)));
    assertEquals(new Outcome.Completed(200), rig.range(source, span, HELD).end());
    assertEquals(0, rig.kernel.count(Call.FICLONERANGE));
  }

  @Test
  void testNotRegular() {
    for (boolean isSource : new boolean[] {true, false}) {
      FakeFile source = FakeFile.dense(Rig.LARGE);
      rig.target = new FakeFile();
      (isSource ? source : rig.target).mode = Constants.S_IFDIR | 0755;
      CopyReport report = rig.range(source, all(source), HELD);
      assertEquals(new Outcome.Declined(0, Reason.Rule.NOT_REGULAR), report.end());
    }
  }

  @Test
  void testShared_refusedHalfWay() {
    FakeFile source = FakeFile.dense((8 << 20) + 5 * BLOCK).setSize(30L << 20);
    rig.kernel.clones = true;
    rig.kernel.on(Call.FICLONERANGE, 2, Fault.failing(Errno.EINVAL));
    CopyReport report = rig.range(source, all(source), HELD, () -> false);
    assertArrayEquals(source.bytes(), rig.target.bytes());
    assertEquals(8 << 20, report.bytesShared());
    assertEquals(5 * BLOCK, report.bytesMoved());
    assertEquals(report.bytes(), report.end().bytes());
  }

  @Test
  void testShared_wholeFileRefusedHalfWay() {
    FakeFile source = FakeFile.dense((8 << 20) + 5 * BLOCK).setSize(30L << 20);
    rig.kernel.clones = true;
    rig.kernel.on(Call.FICLONERANGE, 2, Fault.failing(Errno.EINVAL));
    CopyReport report = rig.copy(source, () -> false);
    rig.assertCopied(source, report);
    assertEquals(8 << 20, report.bytesShared());
    assertEquals(5 * BLOCK, report.bytesMoved());
    assertEquals(source.blocks(), rig.target.blocks());
  }

  @Test
  void testShared_largeBlocksAreAskedFor() {
    rig.kernel.clones = true;
    FakeFile source = FakeFile.dense(Rig.LARGE);
    source.blockSize = 1 << 20;
    CopyReport report = assertRange(source, new Range(0, 0, 70L * BLOCK), LARGE_ONLY);
    assertEquals(70L * BLOCK, report.bytesShared());
    assertEquals(1, rig.kernel.count(Call.FSTATFS));
    // No power of two, or not known.
    source.fileSystemBlockSize = 3 * BLOCK;
    assertEquals(0, assertRange(source, new Range(0, 0, 70L * BLOCK), HELD).bytesShared());
    rig.kernel.always(Call.FSTATFS, Fault.failing(Errno.EIO));
    assertEquals(0, assertRange(source, new Range(0, 0, 70L * BLOCK), HELD).bytesShared());
  }

  @Test
  void testShared_refusalIsRemembered() {
    FakeFile source = FakeFile.dense(3 << 20);
    Range small = new Range(0, 0, 512 << 10);
    assertRange(source, small, HELD);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
    assertRange(source, small, HELD);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
    // A device number can come to name another file system.
    rig.kernel.clones = true;
    CopyReport report = assertRange(source, new Range(0, 0, 2 << 20), HELD);
    assertEquals(2 << 20, report.bytesShared());
    assertEquals(512 << 10, assertRange(source, small, HELD).bytesShared());
  }

  @Test
  void testShared_otherFileSystemIsRemembered() {
    FakeFile source = FakeFile.dense(3 << 20);
    rig.kernel.clones = true;
    rig.kernel.on(Call.FICLONERANGE, 1, Fault.failing(Errno.EXDEV));
    rig.target.device = 2;
    Range span = new Range(0, 0, 512 << 10);
    assertRange(source, span, HELD);
    assertRange(source, span, HELD);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
    // Only of those two.
    rig.target = new FakeFile();
    assertEquals(512 << 10, assertRange(source, span, HELD).bytesShared());
    // Two mounts of one file system before 5.18 say nothing of it.
    rig.kernel.on(Call.FICLONERANGE, 1, Fault.failing(Errno.EXDEV));
    assertRange(source, span, HELD);
    assertEquals(512 << 10, assertRange(source, span, HELD).bytesShared());
  }

  private void assertDeclined(FakeFile source, Range span, Policy policy) {
    byte[] before = rig.target.bytes();
    CopyReport report = rig.range(source, span, policy);
    assertEquals(new Outcome.Declined(0, Reason.Rule.SMALL), report.end(), report.toString());
    assertArrayEquals(before, rig.target.bytes());
    assertEquals(0, report.bytes());
  }

  @Test
  void testSmall_nothingIsAsked() {
    assertDeclined(sparse(), new Range(0, 0, (64 << 10) - 1), LARGE_ONLY);
    assertEquals(0, rig.kernel.count(Call.STATX));
  }

  @Test
  void testSmall_oneQuestion() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    Range span = new Range(0, 0, 100_000);
    assertDeclined(source, span, LARGE_ONLY);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
    rig.kernel.calm();
    assertDeclined(source, span, LARGE_ONLY);
    assertDeclined(source, new Range(1, 0, 100_000), LARGE_ONLY);
    assertEquals(2, rig.kernel.count(Call.STATX));
    assertEquals(0, rig.kernel.count(Call.FICLONERANGE));
    assertEquals(0, rig.kernel.count(Call.FSTATFS));
  }

  @Test
  void testSmall_byWhatThereIs() {
    FakeFile source = FakeFile.dense(100_000);
    assertDeclined(source, new Range(0, 1, Range.TO_END), LARGE_ONLY);
    assertDeclined(source, new Range(100_000, 1, Range.TO_END), LARGE_ONLY);
  }

  @Test
  void testSmall_butWithHoles() {
    FakeFile source = sparse();
    Range holeAndData = new Range(5L * BLOCK, 3, 20L * BLOCK);
    assertEquals(15L * BLOCK, assertRange(source, holeAndData, LARGE_ONLY).bytesInHoles());
    assertDeclined(source, holeAndData, Rig.moving(null, 256 << 10, 0));
    FakeFile dense = FakeFile.dense(30 * BLOCK).setSize(100L * BLOCK);
    assertDeclined(dense, new Range(0, 3, 20L * BLOCK), LARGE_ONLY);
  }

  @Test
  void testSmall_notSmallerThanTheFloor() {
    FakeFile source = FakeFile.dense(Rig.LARGE);
    assertRange(source, new Range(0, 0, 256 << 10), LARGE_ONLY);
    assertDeclined(source, new Range(0, 0, (256 << 10) - 1), LARGE_ONLY);
    assertDeclined(source, all(source), Rig.moving(null, Long.MAX_VALUE, 0));
  }

  /** Where the head must be moved before the attempt, a known refusal is believed. */
  @Test
  void testSmall_noHeadIsMovedInVain() {
    FakeFile source = FakeFile.dense(3 << 20);
    Policy never = Rig.moving(new Object(), Long.MAX_VALUE, 0);
    assertDeclined(source, new Range(0, 0, 2 << 20), never);
    assertDeclined(source, new Range(100, 100, 2 << 20), never);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
  }

  @ParameterizedTest
  @CsvSource({
    "0x58465342, 131072, false",
    "0x794C7630, 131072, false",
    "0x58465342, 262144, true",
    "0x9123683E, 131072, true"
  })
  void testSmall_whereSharingIsSlow(String magic, int length, boolean shared) {
    Policy quick = Rig.moving(new Object(), Long.MAX_VALUE, 256 << 10);
    FakeFile source = new FakeFile().write(0, random(100 * BLOCK));
    source.magic = Long.decode(magic);
    rig.kernel.clones = true;
    if (shared) {
      assertEquals(length, assertRange(source, new Range(0, 0, length), quick).bytesShared());
    } else {
      assertDeclined(source, new Range(0, 0, length), quick);
      assertEquals(0, rig.kernel.count(Call.FICLONERANGE));
    }
  }

  @Test
  void testSmall_headThenRefused() {
    FakeFile source = sparse();
    CopyReport report = assertRange(source, new Range(100, 100, 50L * BLOCK), LARGE_ONLY);
    assertEquals(1, rig.kernel.count(Call.FICLONERANGE));
    assertTrue(report.bytesInHoles() > 0, report.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void testStatusUnknown(int number) {
    FakeFile source = sparse();
    rig.kernel.on(Call.STATX, number, Fault.failing(Errno.EIO));
    assertEquals(0, assertRange(source, all(source), HELD).bytesInHoles());
    rig.kernel.calm();
    rig.kernel.on(Call.STATX, number, Fault.failing(Errno.EIO));
    assertDeclined(source, new Range(0, 0, 100_000), LARGE_ONLY);
  }

  /** Where no file has a byte, the JDK says so in its own words. */
  @Test
  void testBeyondAnyFile() {
    FakeFile sparse = sparse();
    for (FakeFile source : new FakeFile[] {sparse, FakeFile.dense(Rig.LARGE)}) {
      for (long length : new long[] {source.size(), 200_000, Range.TO_END}) {
        long there = Math.min(length, source.size());
        for (long to : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - there + 1}) {
          CopyReport report = rig.range(source, new Range(0, to, length), HELD);
          assertEquals(new Outcome.Declined(0, Reason.Rule.BEYOND_ANY_FILE), report.end());
        }
      }
    }
    // The last byte that can be: the kernel decides.
    rig.kernel.always(Call.PWRITE, Fault.failing(Errno.EFBIG));
    Range last = new Range(0, Long.MAX_VALUE - sparse.size(), Range.TO_END);
    rig.assertFailed(Errno.EFBIG, rig.range(sparse, last, HELD));
  }

  @Test
  void testPolicy_negative() {
    assertThrows(IllegalArgumentException.class, () -> Rig.moving(null, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> Rig.moving(null, 0, -1));
  }
}
