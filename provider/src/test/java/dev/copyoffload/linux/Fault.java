package dev.copyoffload.linux;

/** What one call of a {@link FakeKernel} does otherwise than asked. */
@FunctionalInterface
public interface Fault {
  /** The negated errno to fail with, or how many of the wanted bytes the call may move. */
  long meet(long wanted);

  static Fault failing(Errno errno) {
    return wanted -> -errno.number();
  }

  static Fault atMost(long bytes) {
    return wanted -> Math.min(bytes, wanted);
  }

  /** Something happens right before the call, which then works. */
  static Fault after(Runnable event) {
    return wanted -> {
      event.run();
      return wanted;
    };
  }
}
