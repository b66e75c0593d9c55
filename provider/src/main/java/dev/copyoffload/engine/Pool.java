package dev.copyoffload.engine;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a few idle things that are dear to make; who takes one owns it until it is offered back.
 *
 * <p>Behind a monitor, which is held for next to nothing: until it is compiled, a lock of {@code
 * java.util.concurrent} takes as long as a system call.
 */
final class Pool<T> {
  private final @Nullable Object[] idle;
  private int count;

  Pool(int most) {
    this.idle = new @Nullable Object[most];
  }

  /** One that was offered, or null. */
  @SuppressWarnings("unchecked") // what offer() put there
  synchronized @Nullable T poll() {
    if (count == 0) {
      return null;
    }
    count--;
    T last = (T) idle[count];
    idle[count] = null;
    return last;
  }

  /** Whether it was taken; if not, the caller still owns it. */
  synchronized boolean offer(T item) {
    if (count == idle.length) {
      return false;
    }
    idle[count++] = item;
    return true;
  }
}
