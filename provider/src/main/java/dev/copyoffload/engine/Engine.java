package dev.copyoffload.engine;

import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import java.nio.ByteBuffer;

/**
 * Moves bytes between descriptors in the best way that these two files allow.
 *
 * <p>Safe for use by many threads; keeps a few idle pipes and buffers for the next copy.
 */
public final class Engine {
  private static final int MOST_IDLE = 2;

  private final SystemCalls calls;
  private final Plan plan = new Plan(new Pool<Pipe>(MOST_IDLE), new Pool<ByteBuffer>(MOST_IDLE));

  public Engine(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Copies a regular file from its start to wherever its end will be.
   *
   * @param source open for reading, its offset free to be moved
   * @param status the source's, taken after it was opened
   * @param target open for writing, empty
   */
  public CopyReport copyWhole(
      Descriptor source, FileStatus status, Descriptor target, Cancellation cancellation) {
    Ends ends = new Ends(calls, source.number(), target.number(), cancellation);
    Transfer transfer = new Transfer(ends, plan);
    return transfer.report(transfer.wholeFile(status));
  }
}
