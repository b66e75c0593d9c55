package dev.copyoffload.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers the devices whose file system knows no FICLONE, so that copies too small to gain from
 * anything else are not even begun.
 *
 * <p>A device number can be given to another file system later: the price is that small copies
 * there are the JDK's.
 */
final class NonSharingDevices {
  /** A machine with more mounts than this has the rest tried again each time. */
  private static final int MOST = 256;

  private final Set<Long> devices = ConcurrentHashMap.newKeySet();

  boolean contains(long device) {
    return devices.contains(device);
  }

  void remove(long device) {
    devices.remove(device);
  }

  void add(long device) {
    if (devices.size() < MOST) {
      devices.add(device);
    }
  }
}
