package dev.copyoffload.engine;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;
import dev.copyoffload.linux.SystemCalls;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes between descriptors in the best way that these two files allow.
 *
 * <p>Safe for use by many threads; keeps a few idle pipes and buffers for the next copy.
 */
public final class Engine {
  private final SystemCalls calls;
  private final NonSharingDevices nonSharing = new NonSharingDevices();
  private final MethodChains chains;

  public Engine(SystemCalls calls) {
    this(calls, new MethodChains(null));
  }

  Engine(SystemCalls calls, MethodChains chains) {
    this.calls = calls;
    this.chains = chains;
  }

  /**
   * Whether bytes can only be moved in or out of a file: its file system neither shares extents nor
   * copies by itself.
   *
   * @param descriptor open, kept open by the caller
   */
  public boolean onlyMoves(int descriptor) {
    FileSystemStatus status = FileSystemStatus.ask(calls, descriptor);
    return status != null && FileSystemType.of(status).onlyMoves();
  }

  /**
   * Whether sharing on the device of this file was refused the last time, for a reason that holds
   * for all of its files.
   */
  public boolean isKnownNotToShare(FileStatus status) {
    return nonSharing.contains(status.device());
  }

  /**
   * Copies a regular file from its start to wherever its end will be.
   *
   * @param source open for reading, its offset free to be moved
   * @param status the source's, taken after it was opened
   * @param target open for writing, empty
   * @param targetDevice where the target is; the source's, if nobody has asked
   * @return {@link Outcome.Declined} at the end where the policy requires sharing, with nothing in
   *     the target; else only where no method is left but one for which the JVM grants no memory
   */
  public CopyReport copyWhole(
      Descriptor source,
      FileStatus status,
      Descriptor target,
      long targetDevice,
      FilePolicy policy,
      Cancellation cancellation) {
    FilePair files =
        new FilePair(calls, source.number(), target.number(), status.size(), true, cancellation);
    CopyRun run = new CopyRun(files, chains, policy);
    if (cancellation.isRequested()) {
      return run.report(new Outcome.Cancelled(0));
    }
    long device = status.device();
    Outcome shared = null;
    if (run.triesSharing(status, nonSharing.contains(device, targetDevice))) {
      shared = run.share(status);
      nonSharing.learn(shared, device, targetDevice);
    }
    return run.report(run.afterSharing(status, shared));
  }

  /**
   * Copies a range between two regular files, or within one, without moving the offset of either
   * descriptor.
   *
   * <p>Ends early where the source ends. Ranges of one file may overlap: the target gets what the
   * source was before. A target that ends before the range gets a hole there. Holes of the source
   * stay holes where the offset has a lock and the range has 64 KiB or more; where the target has
   * bytes they are punched.
   *
   * @param source open for reading, kept open by the caller
   * @param target open for writing and not for appending, kept open by the caller
   * @param sourceOffsetLock the monitor that everybody holds who uses the source's own offset, or
   *     null; only with one are holes looked for, since lseek(2) moves that offset. Nobody who
   *     takes the monitor finds it moved, or waits while bytes are copied.
   * @param gate which ranges to decline, with nothing moved, for the caller to copy in its own way
   * @return {@link Outcome.Declined} at the end only where {@code gate} allows it, where no file
   *     can be as long, or where no method is left but one for which the JVM grants no memory
   */
  public CopyReport copyRange(
      int source,
      int target,
      Range range,
      @Nullable Object sourceOffsetLock,
      TransferGate gate,
      Cancellation cancellation) {
    long unknownSize = Long.MAX_VALUE;
    FilePair files = new FilePair(calls, source, target, unknownSize, false, cancellation);
    CopyRun run = new CopyRun(files, chains, FilePolicy.USUAL);
    return run.report(
        new RangeCopy(files, run, chains, nonSharing, sourceOffsetLock, gate).run(range));
  }
}
