package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.util.Arrays;

/**
 * Remembers the devices whose file system knows no FICLONE, and the pairs of devices that share
 * nothing with each other, so that small copies need not ask.
 *
 * <p>A device number can be given to another file system later: the price is that small copies
 * there are moved.
 */
final class NonSharingDevices {
  /**
   * A source's device and a target's, by turns; replaced, never changed. Not a set, nor records:
   * until they are compiled these take longer than the system call that is spared.
   */
  private volatile long[] pairs = {};

  /** Whether nothing of the device was ever shared. */
  boolean contains(long device) {
    return indexOf(pairs, device, device) >= 0;
  }

  /** Whether nothing of the source's device was ever shared with the target's. */
  boolean contains(long source, long target) {
    return contains(source) || (source != target && indexOf(pairs, source, target) >= 0);
  }

  private static int indexOf(long[] pairs, long source, long target) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i] == source && pairs[i + 1] == target) {
        return i;
      }
    }
    return -1;
  }

  /** Remembers how an attempt to share ended, where it says something of the devices. */
  void learn(Outcome outcome, long source, long target) {
    if (!(outcome instanceof Outcome.Declined no)) {
      forget(source, target);
    } else if (!(no.reason() instanceof Reason.Refused refused)) {
      return;
    } else if (refused.is(Errno.EOPNOTSUPP) || refused.is(Errno.ENOTTY)) {
      // Between unlike file systems it would be EXDEV: this is the source's own answer.
      remember(source, source);
    } else if (source != target && refused.is(Errno.EXDEV)) {
      // Subvolumes of one btrfs are devices of their own, and share.
      remember(source, target);
    }
  }

  private void forget(long source, long target) {
    if (pairs.length > 0) {
      remove(source, source);
      remove(source, target);
    }
  }

  private synchronized void remove(long source, long target) {
    long[] all = pairs;
    int at = indexOf(all, source, target);
    if (at >= 0) {
      long[] left = Arrays.copyOf(all, all.length - 2);
      System.arraycopy(all, at + 2, left, at, left.length - at);
      pairs = left;
    }
  }

  private synchronized void remember(long source, long target) {
    long[] all = pairs;
    if (all.length < 2 * Tuning.REMEMBERED_DEVICES && indexOf(all, source, target) < 0) {
      long[] more = Arrays.copyOf(all, all.length + 2);
      more[all.length] = source;
      more[all.length + 1] = target;
      pairs = more;
    }
  }
}
