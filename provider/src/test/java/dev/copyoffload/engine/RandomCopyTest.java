package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.Fault;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random layouts and random faults against a plain copy of the bytes; repeat a run with {@code
 * -Dcopyoffload.test.seed=…}.
 */
class RandomCopyTest {
  private static final int COPIES = 8_000;
  private static final int COPIES_OF_ONE_ENGINE = 50;
  private static final int[] EDGES = {FakeFile.BLOCK, 16 << 10, 64 << 10, 256 << 10, 320 << 10};
  private static final Call[] FALLIBLE = {
    Call.FICLONE,
    Call.COPY_FILE_RANGE,
    Call.SPLICE_IN,
    Call.SPLICE_OUT,
    Call.SENDFILE,
    Call.PREAD,
    Call.PWRITE,
    Call.PIPE,
    Call.FCNTL,
    Call.LSEEK,
    Call.FTRUNCATE,
    Call.FSTATFS
  };

  private static final Call[] FALLIBLE_IN_RANGES = {
    Call.FICLONERANGE,
    Call.SPLICE_IN,
    Call.SPLICE_OUT,
    Call.PREAD,
    Call.PWRITE,
    Call.PIPE,
    Call.LSEEK,
    Call.FALLOCATE,
    Call.FSTATFS
  };

  /** Those that the copy may end with. */
  private final Set<Errno> injected = EnumSet.noneOf(Errno.class);

  private final byte[] noise = new byte[1 << 20];

  private enum Mutation {
    NONE,
    TRUNCATED,
    EXTENDED
  }

  @Test
  void testRandom() {
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    System.out.println("RandomCopyTest: -Dcopyoffload.test.seed=" + seed);
    Random random = new Random(seed);
    random.nextBytes(noise);
    Rig rig = new Rig();
    int failures = 0;
    for (int copy = 0; copy < COPIES; copy++) {
      if (copy % COPIES_OF_ONE_ENGINE == 0) {
        rig = new Rig();
        rig.kernel.pipeCapacity = 4096 << random.nextInt(5);
      }
      try {
        failures += copyOnce(rig, random) ? 0 : 1;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", copy " + copy + ": " + e.getMessage(), e);
      }
    }
    // Else the faults are too few, or so many that nothing is tested.
    assertTrue(failures > COPIES / 100 && failures < COPIES / 2, failures + " failed");
  }

  @Test
  void testRandomRanges() {
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    System.out.println("RandomCopyTest: -Dcopyoffload.test.seed=" + seed);
    Random random = new Random(seed);
    random.nextBytes(noise);
    Rig rig = new Rig();
    Set<Class<?>> ends = new HashSet<>();
    for (int copy = 0; copy < COPIES; copy++) {
      if (copy % COPIES_OF_ONE_ENGINE == 0) {
        rig = new Rig();
      }
      try {
        ends.add(copyRangeOnce(rig, random).end().getClass());
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", range " + copy + ": " + e.getMessage(), e);
      }
    }
    assertEquals(3, ends.size(), "completed, declined, failed: " + ends);
  }

  private CopyReport copyRangeOnce(Rig rig, Random random) {
    rig.kernel.calm();
    rig.kernel.clones = random.nextInt(8) == 0;
    injected.clear();
    FakeFile source = layout(random);
    rig.target = random.nextInt(8) == 0 ? source : layout(random);
    rig.target.magic = random.nextInt(8) == 0 ? 0x65735546L : 0xEF53;
    boolean cached = random.nextInt(4) == 0;
    if (cached) {
      cacheWrites(source, random);
    }
    rig.target.device = random.nextInt(4) == 0 ? 2 : 1;
    boolean oneFile = source == rig.target;
    final byte[] from = source.bytes();
    final byte[] before = rig.target.bytes();
    long sourceOffset = random.nextBoolean() ? 0 : random.nextInt(source.size() + 5000);
    long targetOffset =
        random.nextBoolean()
            ? sourceOffset % FakeFile.BLOCK + (long) FakeFile.BLOCK * random.nextInt(20)
            : random.nextInt(before.length + 5000);
    long length = random.nextInt(6) == 0 ? Long.MAX_VALUE : size(random);
    Rig.Policy policy =
        Rig.moving(
            random.nextInt(4) > 0 ? new Object() : null,
            random.nextInt(3) == 0 ? size(random) : 0,
            0);
    int faults = Math.max(0, random.nextInt(9) - 4);
    for (int i = 0; i < faults; i++) {
      Call call = FALLIBLE_IN_RANGES[random.nextInt(FALLIBLE_IN_RANGES.length)];
      rig.kernel.on(call, 1 + random.nextInt(6), fault(call, random));
    }
    Mutation mutation = oneFile ? Mutation.NONE : mutate(rig, source, random);

    CopyReport report = rig.range(source, new Range(sourceOffset, targetOffset, length), policy);

    byte[] copied = rig.target.bytes();
    int bytes = (int) report.end().bytes();
    if (report.end() instanceof Outcome.Declined) {
      assertArrayEquals(before, copied, report.toString());
      return report;
    }
    boolean failed = report.end() instanceof Outcome.Failed;
    if (report.end() instanceof Outcome.Failed no) {
      assertTrue(injected.contains(Errno.of(no.errno())), report.toString());
      if (oneFile) {
        // What failed half way through an overlap is a mixture.
        return report;
      }
    } else {
      assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
      assertEquals(report.bytes(), bytes, report.toString());
    }
    int there = (int) Math.max(0, Math.min(length, from.length - sourceOffset));
    byte[] read = mutation == Mutation.EXTENDED ? source.bytes() : from;
    if (mutation == Mutation.NONE && !failed) {
      assertEquals(there, bytes, report.toString());
    }
    int to = (int) targetOffset;
    // However it ended: what is counted is there, and nothing else was touched.
    byte[] expected =
        Arrays.copyOf(before, bytes == 0 ? before.length : Math.max(before.length, to + bytes));
    if (bytes > 0) {
      System.arraycopy(read, (int) sourceOffset, expected, to, bytes);
    }
    assertArrayEquals(expected, copied, report.toString());
    boolean keepsHoles =
        policy.sourceOffsetLock() != null
            && there >= 64 << 10
            && rig.target.magic == 0xEF53
            && !cached
            && mutation == Mutation.NONE
            && faults == 0
            && !oneFile
            && source.blocksUnknownToMap == 0;
    if (keepsHoles) {
      // And the head before what is shared, the tail behind it, and holes that the range cuts.
      long edges = 2L * FakeFile.BLOCK + Tuning.SMALLEST_HOLE + Tuning.SPLICE_FROM;
      long most = source.blocks() * 512 + edges + inSmallHoles(source);
      assertTrue(report.bytesMoved() <= most, report.toString());
    }
    return report;
  }

  /** Bytes in holes that are copied; all that there are where these are too many to look on. */
  private static long inSmallHoles(FakeFile file) {
    long bytes = 0;
    int small = 0;
    long before = 0;
    long at = 0;
    while (at < file.size()) {
      long data = file.seek(at, true);
      long hole = (data < 0 ? file.size() : data) - at;
      if (hole > 0 && !SparseCopy.isWorthwhile(hole, before)) {
        bytes += hole;
        small++;
      }
      at = data < 0 ? file.size() : file.seek(data, false);
      before = at - data;
    }
    return small < 5 ? bytes : file.size();
  }

  private boolean copyOnce(Rig rig, Random random) {
    rig.kernel.calm();
    rig.kernel.clones = random.nextInt(8) == 0;
    injected.clear();
    FakeFile source = layout(random);
    if (random.nextInt(4) == 0) {
      cacheWrites(source, random);
    }
    final byte[] before = source.bytes();
    for (int faults = random.nextInt(6); faults > 0; faults--) {
      Call call = FALLIBLE[random.nextInt(FALLIBLE.length)];
      rig.kernel.on(call, 1 + random.nextInt(6), fault(call, random));
    }
    if (random.nextInt(3) == 0) {
      Call call = FALLIBLE[random.nextInt(FALLIBLE.length)];
      rig.kernel.always(call, fault(call, random));
    }
    Mutation mutation = mutate(rig, source, random);

    CopyReport report = rig.copy(source);

    if (report.end() instanceof Outcome.Failed failed) {
      assertTrue(injected.contains(Errno.of(failed.errno())), report.toString());
      return false;
    }
    assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
    assertEquals(report.bytes(), report.end().bytes(), report.toString());
    byte[] copied = rig.target.bytes();
    switch (mutation) {
      case NONE -> {
        rig.assertCopied(source, report);
        // A hole may be filled, but data never needs more room than it had.
        assertTrue(rig.target.blocks() * 512 <= before.length + FakeFile.BLOCK);
      }
      case TRUNCATED -> {
        // Never more than there was, never less than stayed, nothing made up.
        assertTrue(copied.length >= source.size(), report.toString());
        assertTrue(isPrefix(copied, before), report.toString());
      }
      case EXTENDED -> {
        assertTrue(copied.length >= before.length, report.toString());
        assertTrue(isPrefix(copied, source.bytes()), report.toString());
      }
    }
    return true;
  }

  private static boolean isPrefix(byte[] part, byte[] whole) {
    return part.length <= whole.length
        && Arrays.equals(part, 0, part.length, whole, 0, part.length);
  }

  private static int around(int edge, Random random) {
    return Math.max(0, edge + random.nextInt(5) - 2);
  }

  private int size(Random random) {
    int edge = EDGES[random.nextInt(EDGES.length)];
    return random.nextBoolean() ? around(edge, random) : random.nextInt(2 * edge);
  }

  private FakeFile layout(Random random) {
    FakeFile file = new FakeFile();
    if (random.nextInt(3) == 0) {
      int size = size(random);
      return file.write(0, noise, random.nextInt(noise.length - size), size);
    }
    int extents = random.nextInt(6);
    for (int i = 0; i < extents; i++) {
      int hole = random.nextInt(20) * FakeFile.BLOCK + random.nextInt(2) * random.nextInt(9000);
      int length = 1 + size(random) / 2;
      file.write(file.size() + hole, noise, random.nextInt(noise.length - length), length);
    }
    if (random.nextBoolean()) {
      file.setSize(file.size() + size(random));
    }
    file.blocksUnknownToMap = random.nextInt(10) == 0 ? random.nextInt(64) : 0;
    return file;
  }

  /** On FUSE: what was written last, neither the map nor the block count knows. */
  private void cacheWrites(FakeFile file, Random random) {
    file.magic = 0x65735546L;
    int length = 1 + size(random) / 2;
    file.writeUnseen(random.nextInt(file.size() + 9000), Arrays.copyOf(noise, length));
  }

  private Fault fault(Call call, Random random) {
    boolean counts =
        switch (call) {
          case COPY_FILE_RANGE, SPLICE_IN, SPLICE_OUT, SENDFILE -> true;
          default -> false;
        };
    int kind = random.nextInt(10);
    if (kind < 3 || (kind < 6 && !counts && call != Call.PREAD && call != Call.PWRITE)) {
      Errno[] all = Errno.values();
      Errno errno = all[random.nextInt(all.length)];
      if (errno == Errno.EINTR || (call == Call.LSEEK && errno == Errno.ENXIO)) {
        // For ever, the one; a true answer, the other.
        errno = Errno.EINVAL;
      }
      injected.add(errno);
      return Fault.failing(errno);
    }
    if (counts && kind < 5) {
      return Fault.atMost(0);
    }
    if (kind < 8) {
      // Few enough for ragged steps, enough to end.
      return Fault.atMost(1 + random.nextInt(20_000));
    }
    int[] met = {0};
    return wanted -> ++met[0] % 2 == 1 ? -Errno.EINTR.number() : wanted;
  }

  private Mutation mutate(Rig rig, FakeFile source, Random random) {
    if (source.size() == 0 || random.nextInt(5) != 0) {
      return Mutation.NONE;
    }
    Mutation mutation = random.nextBoolean() ? Mutation.TRUNCATED : Mutation.EXTENDED;
    int size =
        mutation == Mutation.TRUNCATED
            ? random.nextInt(source.size())
            : 1 + random.nextInt(100_000);
    boolean[] done = {false};
    Runnable event =
        () -> {
          if (!done[0]) {
            done[0] = true;
            if (mutation == Mutation.TRUNCATED) {
              source.setSize(size);
            } else {
              source.write(source.size(), noise, 0, size);
            }
          }
        };
    for (Call call : new Call[] {Call.LSEEK, Call.SPLICE_IN, Call.PREAD, Call.SENDFILE}) {
      rig.kernel.on(call, 1 + random.nextInt(5), Fault.after(event));
    }
    return mutation;
  }
}
