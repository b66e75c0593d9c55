package dev.copyoffload.examples.benchmarks;

/**
 * How often a call is made for one figure.
 *
 * @param batch calls that are timed together as one iteration; 0: as many as fit
 * @param millis the length of an iteration where there is no batch
 * @param warmup iterations before those that count
 * @param iterations those that count
 */
record Pace(int batch, int millis, int warmup, int iterations) {
  static Pace batches(int batch, int warmup, int iterations) {
    return new Pace(batch, 0, warmup, iterations);
  }

  static Pace timed(int millis, int warmup, int iterations) {
    return new Pace(0, millis, warmup, iterations);
  }
}
