package dev.copyoffload.examples.benchmarks;

/** How large a file is, and how often it is copied for one figure. */
enum Size {
  EMPTY("0", 0, 200, 40, 15),
  KIB_4("4 KiB", 4L << 10, 200, 50, 15),
  KIB_64("64 KiB", 64L << 10, 100, 20, 12),
  MIB_1("1 MiB", 1L << 20, 20, 8, 9),
  MIB_64("64 MiB", 64L << 20, 1, 1, 5),
  GIB_1("1 GiB", 1L << 30, 1, 0, 1),
  SPARSE_GIB_1("1 GiB sparse", 1L << 30, 1, 0, 1);

  private final String label;
  private final long bytes;
  private final int batch;
  private final int warmup;
  private final int iterations;

  Size(String label, long bytes, int batch, int warmup, int iterations) {
    this.label = label;
    this.bytes = bytes;
    this.batch = batch;
    this.warmup = warmup;
    this.iterations = iterations;
  }

  String label() {
    return label;
  }

  long bytes() {
    return bytes;
  }

  Pace pace() {
    return Pace.batches(batch, warmup, iterations);
  }

  boolean isSparse() {
    return this == SPARSE_GIB_1;
  }
}
