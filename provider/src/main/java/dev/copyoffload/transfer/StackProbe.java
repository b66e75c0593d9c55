package dev.copyoffload.transfer;

/**
 * Tries how much of its stack a thread has left.
 *
 * <p>By calls with 33 parameters. HotSpot's second compiler refuses such methods, so a frame has
 * 680 bytes before it is compiled and 620 after. Those of a method with one parameter have 115 and
 * 17, and take twelve times as long for as many bytes.
 */
final class StackProbe {
  /** Bytes of a frame, rounded down. */
  private static final int FRAME = 512;

  private StackProbe() {}

  /** Whether this thread has so many KiB left. */
  static boolean has(int kib) {
    int calls = kib * 1024 / FRAME;
    try {
      return depth(
              calls, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
              0, 0, 0, 0, 0, 0)
          == calls;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  @SuppressWarnings("TooManyParameters")
  private static int depth(
      int calls,
      long p0,
      long p1,
      long p2,
      long p3,
      long p4,
      long p5,
      long p6,
      long p7,
      long p8,
      long p9,
      long p10,
      long p11,
      long p12,
      long p13,
      long p14,
      long p15,
      long p16,
      long p17,
      long p18,
      long p19,
      long p20,
      long p21,
      long p22,
      long p23,
      long p24,
      long p25,
      long p26,
      long p27,
      long p28,
      long p29,
      long p30,
      long p31) {
    return calls == 0
        ? 0
        : 1
            + depth(
                calls - 1, p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15,
                p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29, p30, p31);
  }
}
