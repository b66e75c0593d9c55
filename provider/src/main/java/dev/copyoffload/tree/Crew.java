package dev.copyoffload.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Threads that run what the owner hands over; the owner runs what they are too busy for.
 *
 * <p>They are started with the first work, and have ended when {@link #close()} returns. The owner
 * is one thread.
 */
final class Crew implements AutoCloseable {
  private static final Runnable END =
      new Runnable() {
        @Override
        public void run() {}
      };
  private static final String NAME = "copyoffload-tree";

  private final int size;
  private final ArrayBlockingQueue<Runnable> waiting;
  private final List<Thread> threads = new ArrayList<>();
  private boolean enough;

  /**
   * A crew of so many threads beside the owner.
   *
   * @param size not negative; with none the owner does all
   */
  Crew(int size) {
    this.size = size;
    this.waiting = new ArrayBlockingQueue<>(2 * size + 2);
  }

  /** Has the work done at some time, perhaps at once; it must not throw. */
  void run(Runnable work) {
    startOne();
    if (threads.isEmpty() || !waiting.offer(work)) {
      work.run();
    }
  }

  private void startOne() {
    if (enough || threads.size() >= size) {
      return;
    }
    try {
      Thread thread = new Thread(null, this::serve, NAME, 0, false);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    } catch (OutOfMemoryError e) {
      // A limit on threads: fewer will do.
      enough = true;
    }
  }

  private void serve() {
    Runnable work = next();
    while (work != END) {
      work.run();
      work = next();
    }
  }

  private Runnable next() {
    while (true) {
      try {
        return waiting.take();
      } catch (InterruptedException meantForTheWorkInHand) {
        // Cleared by being thrown, so it is thrown once.
      }
    }
  }

  /** Ends copies in hand that can be interrupted. */
  void interrupt() {
    for (Thread thread : threads) {
      thread.interrupt();
    }
  }

  /**
   * Runs what still waits, and waits until all is done.
   *
   * @throws InterruptedException if the owner was interrupted meanwhile; the work goes on
   */
  void finish() throws InterruptedException {
    Runnable work = waiting.poll();
    while (work != null) {
      work.run();
      work = waiting.poll();
    }
    endThreads();
    for (Thread thread : threads) {
      thread.join();
    }
    threads.clear();
  }

  private void endThreads() {
    // There is room: only the owner adds, and each thread takes one.
    for (int i = 0; i < threads.size(); i++) {
      waiting.offer(END);
    }
  }

  /** Drops what still waits, and waits for what is in hand, interrupted or not. */
  @Override
  public void close() {
    waiting.clear();
    endThreads();
    boolean interrupted = false;
    for (Thread thread : threads) {
      boolean ended = false;
      while (!ended) {
        try {
          thread.join();
          ended = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    threads.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
