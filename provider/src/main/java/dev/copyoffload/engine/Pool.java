package dev.copyoffload.engine;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a few idle things that are dear to make; who takes one owns it until it is offered back.
 */
final class Pool<T> {
  private final ArrayBlockingQueue<T> idle;

  Pool(int most) {
    idle = new ArrayBlockingQueue<>(most);
  }

  /** One that was offered, or null. */
  @Nullable T poll() {
    return idle.poll();
  }

  /** Whether it was taken; if not, the caller still owns it. */
  boolean offer(T item) {
    return idle.offer(item);
  }
}
