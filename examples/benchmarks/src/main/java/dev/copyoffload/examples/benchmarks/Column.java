package dev.copyoffload.examples.benchmarks;

/**
 * A column of the table.
 *
 * @param jdk the release
 * @param variant the variant's label
 */
record Column(String jdk, String variant) {
  @Override
  public String toString() {
    return jdk + " " + variant;
  }
}
