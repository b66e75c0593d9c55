package dev.copyoffload.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few idle things that are dear to make; who takes one owns it until it is offered back.
 *
 * <p>Behind a monitor, which is held for next to nothing: until it is compiled, a lock of {@code
 * java.util.concurrent} takes as long as a system call.
 */
final class Pool<T> {
  private final int most;
  private final ArrayDeque<T> idle;

  Pool(int most) {
    this.most = most;
    this.idle = new ArrayDeque<>(most);
  }

  /** One that was offered, or null. */
  synchronized @Nullable T poll() {
    return idle.pollLast();
  }

  /** Whether it was taken; if not, the caller still owns it. */
  synchronized boolean offer(T item) {
    if (idle.size() >= most) {
      return false;
    }
    idle.addLast(item);
    return true;
  }
}
