package dev.copyoffload;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was copied since the JVM started, or since the last {@link CopyOffload#resetStatistics()}.
 *
 * <p>Each number is exact once the copies that it counts have ended; while copies end, numbers that
 * belong together may be some copies apart. Immutable.
 *
 * @param copiesByMethod completed copies by the method that did it, or by several joined by {@code
 *     +}, or {@code none} where there was nothing to share or to move
 * @param bytesByMethod the length of what these copies copied, holes included, by the same names
 * @param bytesShared bytes whose extents source and target share
 * @param bytesMoved bytes that were copied
 * @param bytesInHoles bytes that stayed holes
 * @param failed copies that ended with an error after the target had been created
 * @param cancelled copies that were interrupted
 * @param leftToJdk copies and moves between files of the default file system, and of any others
 *     with options of ours, that the JDK's own code did, or refused to do, and transfers of 64 KiB
 *     and more that were left to it; moves that were a rename, or that a new JVM has left before it
 *     looked further, are in none of these numbers
 */
public record CopyStatistics(
    Map<String, Long> copiesByMethod,
    Map<String, Long> bytesByMethod,
    long bytesShared,
    long bytesMoved,
    long bytesInHoles,
    long failed,
    long cancelled,
    long leftToJdk) {

  /** Copies the two maps, which then are sorted by name. */
  public CopyStatistics {
    copiesByMethod = Collections.unmodifiableSortedMap(new TreeMap<>(copiesByMethod));
    bytesByMethod = Collections.unmodifiableSortedMap(new TreeMap<>(bytesByMethod));
  }
}
