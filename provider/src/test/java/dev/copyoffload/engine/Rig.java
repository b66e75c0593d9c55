package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.Call;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FakeFile;
import dev.copyoffload.linux.FakeKernel;
import dev.copyoffload.linux.Fault;
import dev.copyoffload.linux.FileStatus;
import org.jspecify.annotations.Nullable;

/** An engine on a fake kernel, a target to copy to, and what must hold after any copy. */
final class Rig {
  /** Takes the splice, in some five steps. */
  static final int LARGE = 300 * 1024 + 17;

  private static final long NFS = 0x6969;

  /** The method that a copy meets first, once those before it are out of the way. */
  enum Route {
    FICLONE,
    COPY_FILE_RANGE,
    SPLICE,
    SENDFILE,
    READ_WRITE
  }

  final FakeKernel kernel = new FakeKernel();
  final Engine engine;
  FakeFile target = new FakeFile();

  /** The file system of every target. */
  long targetMagic = target.magic;

  /** Where it is. */
  long targetDevice = target.device;

  Rig() {
    engine = new Engine(kernel);
  }

  /** A rig whose JVM grants what these buffers say. */
  Rig(Buffers buffers) {
    engine = new Engine(kernel, new MethodChains(new MethodChains.Moving(buffers)));
  }

  /** Clears the way for a method, and lets it move 64 KiB a call. */
  Rig through(Route route, FakeFile source) {
    Fault step = Fault.atMost(64 << 10);
    kernel.clones = route == Route.FICLONE;
    source.magic = route == Route.COPY_FILE_RANGE ? NFS : source.magic;
    kernel.always(Call.COPY_FILE_RANGE, step);
    if (route == Route.SENDFILE || route == Route.READ_WRITE) {
      kernel.always(Call.PIPE, Fault.failing(Errno.EMFILE));
    }
    kernel.always(Call.SENDFILE, route == Route.READ_WRITE ? Fault.failing(Errno.ENOSYS) : step);
    kernel.always(Call.PREAD, step);
    kernel.always(Call.PWRITE, step);
    return this;
  }

  CopyReport copy(FakeFile source) {
    return copy(source, Cancellation.NEVER);
  }

  /** Copies into a new target and checks what must hold however it ends. */
  CopyReport copy(FakeFile source, Cancellation cancellation) {
    target = new FakeFile();
    target.magic = targetMagic;
    target.device = targetDevice;
    return copy(source, FilePolicy.USUAL, cancellation);
  }

  /** Copies into the target that is there, which is empty, without blocks that are zero. */
  CopyReport copyLeavingZerosOut(FakeFile source) {
    FilePolicy policy = new FilePolicy(false, false, true, false);
    return copy(source, policy, Cancellation.NEVER);
  }

  private CopyReport copy(FakeFile source, FilePolicy policy, Cancellation cancellation) {
    CopyReport report;
    try (Descriptor in = kernel.opened(source);
        Descriptor out = kernel.opened(target)) {
      long[] status = new long[FileStatus.LONGS];
      assertEquals(0, kernel.statx(in.number(), status));
      report =
          engine.copyWhole(in, FileStatus.of(status), out, target.device, policy, cancellation);
      assertEquals(2, kernel.openFiles(), "descriptors of files");
    }
    assertEquals(0, kernel.openFiles());
    assertTrue(kernel.openDescriptors() <= 4, "more than the two idle pipes that a pool keeps");
    assertEquals(0, kernel.openDescriptors() % 2, "half a pipe");
    assertEquals(0, kernel.bytesInPipes(), "bytes left in a pooled pipe");
    return report;
  }

  /** What a range is copied under. */
  record Policy(@Nullable Object sourceOffsetLock, TransferGate gate) {}

  /** What holds the offset of a source while a range of it is copied. */
  static final Policy HELD = moving(new Object(), 0, 0);

  /** What declines a range that is shorter, if it cannot be shared and has no holes. */
  static Policy moving(@Nullable Object lock, long movedFrom, long slowlySharedFrom) {
    return new Policy(lock, new TransferGate(false, 0, movedFrom, slowlySharedFrom, 0));
  }

  private static final long SOMEWHERE = 12_345;

  /** Copies a range to the target and checks what must hold however it ends. */
  CopyReport range(FakeFile source, Range span, Policy policy, Cancellation cancellation) {
    try (Descriptor in = kernel.opened(source);
        Descriptor out = kernel.opened(target)) {
      kernel.setOffset(in, SOMEWHERE);
      kernel.setOffset(out, SOMEWHERE);
      CopyReport report =
          engine.copyRange(
              in.number(),
              out.number(),
              span,
              policy.sourceOffsetLock(),
              policy.gate(),
              cancellation);
      if (!(report.end() instanceof Outcome.Failed failed && failed.call().equals("lseek"))) {
        assertEquals(SOMEWHERE, kernel.offsetOf(in), report.toString());
      }
      assertEquals(SOMEWHERE, kernel.offsetOf(out), report.toString());
      assertEquals(2, kernel.openFiles(), "descriptors of files");
      assertTrue(report.end().bytes() <= span.length(), report.toString());
      return report;
    }
  }

  CopyReport range(FakeFile source, Range span, Policy policy) {
    return range(source, span, policy, Cancellation.NEVER);
  }

  void assertCopied(FakeFile source, CopyReport report) {
    assertInstanceOf(Outcome.Completed.class, report.end(), report.toString());
    assertTrue(source.contentEquals(target.bytes(), target.size()), report.toString());
    assertEquals(source.size(), report.end().bytes());
  }

  void assertFailed(Errno errno, CopyReport report) {
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, report.end(), report.toString());
    assertEquals(errno.number(), failed.errno());
  }

  /** Nothing that went wrong before may show in the next copy. */
  void assertNextCopyRight() {
    kernel.calm();
    kernel.clones = false;
    FakeFile next = FakeFile.dense(LARGE + 4321);
    assertCopied(next, copy(next));
  }
}
