package dev.copyoffload.examples.benchmarks;

/**
 * A row of the table.
 *
 * @param call what was called
 * @param size of what: bytes or files
 * @param source the file system that is read; empty for none
 * @param target the file system that is written; empty for none
 */
record RowKey(String call, String size, String source, String target) {
  /** Such as {@code ext4 → xfs}. */
  String places() {
    return source.equals(target) || target.isEmpty() ? source : source + " → " + target;
  }

  @Override
  public String toString() {
    return String.join(" ", call, size, places()).strip().replaceAll(" +", " ");
  }
}
