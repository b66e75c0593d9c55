package dev.copyoffload.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Somebody at the other end of a pipe or socket, on a thread of its own. */
final class FarEnd<T> {
  private final FutureTask<T> task;

  private FarEnd(Callable<T> work) {
    task = new FutureTask<>(work);
    Thread thread = new Thread(task, "far end");
    thread.setDaemon(true);
    thread.start();
  }

  /** Opens something, which may block until the near end is opened, and reads it to its end. */
  static FarEnd<String> reading(Opening<InputStream> opening) {
    return new FarEnd<>(
        () -> {
          CRC32C sum = new CRC32C();
          try (InputStream in = new CheckedInputStream(opening.open(), sum)) {
            long bytes = in.transferTo(OutputStream.nullOutputStream());
            return bytes + " bytes, sum " + Long.toHexString(sum.getValue());
          }
        });
  }

  /** Opens something and writes bytes to it. */
  static FarEnd<String> writing(Opening<OutputStream> opening, byte[] bytes) {
    return new FarEnd<>(
        () -> {
          try (OutputStream out = opening.open()) {
            out.write(bytes);
          }
          return bytes.length + " bytes";
        });
  }

  /** Does something else beside the test. */
  static <T> FarEnd<T> doing(Callable<T> work) {
    return new FarEnd<>(work);
  }

  /** Returns what was done, when it is. */
  T result() throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IOException("the far end: " + e.getCause(), e.getCause());
    }
  }

  /** Opens one end. */
  interface Opening<S> {
    S open() throws IOException;
  }
}
