package dev.copyoffload.engine;

/**
 * How one method, or the whole chain, ended.
 *
 * <p>{@link #bytes()} counts what is in the target for good, from the start of the range, however
 * it ended: the next method goes on right behind.
 */
public sealed interface Outcome {
  /** Bytes of the range that the target now holds. */
  long bytes();

  /** This end of a copy, with bytes that were there before. */
  Outcome plus(long before);

  /** The range is done, or the source ended before it. */
  record Completed(long bytes) implements Outcome {
    @Override
    public Outcome plus(long before) {
      return new Completed(before + bytes);
    }
  }

  /** Not this way from here on. */
  record Declined(long bytes, Reason reason) implements Outcome {
    @Override
    public Outcome plus(long before) {
      return new Declined(before + bytes, reason);
    }
  }

  /** No method can do better: {@code call} failed with {@code errno}, a positive number. */
  record Failed(long bytes, String call, int errno) implements Outcome {
    @Override
    public Outcome plus(long before) {
      return new Failed(before + bytes, call, errno);
    }
  }

  /** Asked to stop. */
  record Cancelled(long bytes) implements Outcome {
    @Override
    public Outcome plus(long before) {
      return new Cancelled(before + bytes);
    }
  }
}
