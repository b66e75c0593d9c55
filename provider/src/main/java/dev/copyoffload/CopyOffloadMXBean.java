package dev.copyoffload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the management interface shows as {@code dev.copyoffload:type=CopyOffload}. */
public interface CopyOffloadMXBean {
  /** Whether native code is loaded: if not, every copy is the JDK's. */
  boolean isAvailable();

  /** Why there is no native code, or null if there is or if it was not wanted yet. */
  @Nullable String getUnavailabilityCause();

  /** Completed copies, by the method that did it, or by several joined by {@code +}. */
  Map<String, Long> getCopiesByMethod();

  /** The length in bytes of what these copied, holes included. */
  Map<String, Long> getBytesByMethod();

  /** Bytes whose extents source and target share. */
  long getBytesShared();

  /** Bytes that were copied. */
  long getBytesMoved();

  /** Bytes that stayed holes. */
  long getBytesInHoles();

  /** Copies that ended with an error after the target had been created. */
  long getFailed();

  /** Copies that were interrupted. */
  long getCancelled();

  /** As in {@link CopyStatistics}: what the JDK's own code did, or refused to do. */
  long getLeftToJdk();

  /** Starts counting from 0 again. */
  void reset();
}
