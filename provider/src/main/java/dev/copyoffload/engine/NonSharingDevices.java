package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the devices whose file system knows no FICLONE, and the pairs of devices that share
 * nothing with each other, so that small copies need not ask.
 *
 * <p>A device number can be given to another file system later: the price is that small copies
 * there are moved.
 */
final class NonSharingDevices {
  /** A machine with more mounts than this has the rest tried again each time. */
  private static final int MOST = 256;

  private record Pair(long source, long target) {
    // Not the generated ones, which are linked at run time: some milliseconds of the first copy.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Pair pair && pair.source == source && pair.target == target;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(source) * 31 + Long.hashCode(target);
    }
  }

  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

  /** Whether nothing of the device was ever shared. */
  boolean contains(long device) {
    return pairs.contains(new Pair(device, device));
  }

  /** Whether nothing of the source's device was ever shared with the target's. */
  boolean contains(long source, long target) {
    return contains(source) || (source != target && pairs.contains(new Pair(source, target)));
  }

  /** Remembers how an attempt to share ended, where it says something of the devices. */
  void learn(Outcome outcome, long source, long target) {
    if (!(outcome instanceof Outcome.Declined no)) {
      forget(source, target);
    } else if (no.reason().equals(Errno.EOPNOTSUPP.name())
        || no.reason().equals(Errno.ENOTTY.name())) {
      // Between unlike file systems it would be EXDEV: this is the source's own answer.
      remember(new Pair(source, source));
    } else if (source != target && no.reason().equals(Errno.EXDEV.name())) {
      // Subvolumes of one btrfs are devices of their own, and share.
      remember(new Pair(source, target));
    }
  }

  private void forget(long source, long target) {
    pairs.remove(new Pair(source, source));
    pairs.remove(new Pair(source, target));
  }

  private void remember(Pair pair) {
    if (pairs.size() < MOST) {
      pairs.add(pair);
    }
  }
}
