package dev.copyoffload.weave.loops;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method that copies, and all that can be seen of it.
 *
 * @param length of the source in bytes
 * @param size of the buffer in bytes
 * @param most what a read returns at most
 * @param failingRead the read that throws, from 1, or 0
 * @param emptyRead the read that returns 0, or 0
 * @param failingWrite the write that throws, or 0
 * @param isListened whether there is a listener
 * @param rounds how many rounds the hook does
 */
record Trial(
    int length,
    int size,
    int most,
    int failingRead,
    int emptyRead,
    int failingWrite,
    boolean isListened,
    int rounds) {
  private static final int MOST_CALLS = 100;
  private static final int MOST_TICKS = 2_000;

  /** What the method did, for comparison. */
  String run(Method method) throws ReflectiveOperationException {
    StringBuilder log = new StringBuilder();
    Source in = new Source("in", this, log);
    Target out = new Target("out", this, log);
    byte[] buffer = new byte[size];
    Arrays.fill(buffer, (byte) 77);
    Hook.rounds = rounds;
    Hook.ticks = 0;
    Runnable listener = isListened ? () -> log.append("listened ") : null;
    for (Field field : method.getDeclaringClass().getDeclaredFields()) {
      field.setAccessible(true);
      if (field.getType() == long.class) {
        field.setLong(null, 0);
      } else if (field.getType() == byte[].class) {
        field.set(null, null);
      }
    }
    try {
      Object result =
          method.invoke(
              null,
              in,
              out,
              buffer,
              new Looking("second", this, log),
              new Source("other", this, log),
              listener,
              size);
      log.append("returned ").append(result);
    } catch (InvocationTargetException e) {
      Throwable thrown = e.getTargetException();
      log.append("threw ").append(thrown).append(" by ").append(thrown.getCause());
    }
    log.append(" buffer ").append(Arrays.hashCode(buffer));
    for (Field field : method.getDeclaringClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object value = field.get(null);
      log.append(' ').append(value instanceof byte[] kept ? Arrays.hashCode(kept) : "");
      log.append(value instanceof Long ? value : "");
    }
    // Streams that can be moved at once have nothing to flush between two writes.
    String text = log.toString();
    int last = Math.max(text.lastIndexOf("in.read"), text.lastIndexOf("out.write"));
    last = Math.max(last, 0);
    return text.substring(0, last).replace("out.flush ", "") + text.substring(last);
  }

  /** The hook: does as many rounds as it is told, unless one would end the loop or throw. */
  public static final class Hook {
    static int rounds;
    static int calls;

    private static int ticks;

    private Hook() {}

    public static void tick() {
      if (ticks++ > MOST_TICKS) {
        throw new Endless();
      }
    }

    public static long transfer(
        @Nullable InputStream in,
        @Nullable OutputStream out,
        byte @Nullable [] buffer,
        boolean keeps,
        @Nullable Object absent) {
      return transfer(in, out, buffer, buffer == null ? 0 : buffer.length, keeps, absent);
    }

    public static long transfer(
        @Nullable InputStream in,
        @Nullable OutputStream out,
        byte @Nullable [] buffer,
        int length,
        boolean keeps,
        @Nullable Object absent) {
      calls++;
      if (!(in instanceof Source source)
          || !(out instanceof Target target)
          || out instanceof Looking
          || buffer == null
          || length <= 0
          || length > buffer.length
          || absent != null) {
        return 0;
      }
      long moved = 0;
      byte[] through = keeps ? buffer : new byte[length];
      for (int i = 0; i < rounds && source.willRead() && target.willWrite(); i++) {
        try {
          int count = source.read(through, 0, length);
          target.write(through, 0, count);
          moved += count;
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
      if (!keeps) {
        Arrays.fill(buffer, (byte) 0x55);
      }
      return moved;
    }
  }

  private static final class Source extends InputStream {
    private final String name;
    private final Trial trial;
    private final StringBuilder log;
    private int position;
    private int reads;

    Source(String name, Trial trial, StringBuilder log) {
      this.name = name;
      this.trial = trial;
      this.log = log;
    }

    boolean willRead() {
      return position < trial.length
          && reads + 1 != trial.failingRead
          && reads + 1 != trial.emptyRead;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 1 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      java.util.Objects.checkFromIndexSize(from, count, bytes.length);
      log.append(name).append(".read ").append(from).append(' ').append(count).append(' ');
      reads++;
      if (reads > MOST_CALLS) {
        throw new Endless();
      }
      if (reads == trial.failingRead) {
        throw new IOException(name);
      }
      if (reads == trial.emptyRead || count == 0) {
        return 0;
      }
      int done = Math.min(Math.min(count, trial.most), trial.length - position);
      for (int i = 0; i < done; i++) {
        bytes[from + i] = (byte) ((position + i) * 37 + name.length());
      }
      position += done;
      return done == 0 ? -1 : done;
    }

    @Override
    public long skip(long count) {
      log.append(name).append(".skip ");
      long done = Math.min(count, trial.length - position);
      position += (int) done;
      return done;
    }

    @Override
    public void close() {
      log.append(name).append(".close ");
    }
  }

  private static class Target extends OutputStream {
    private final String name;
    private final Trial trial;
    private final StringBuilder log;
    private int writes;

    Target(String name, Trial trial, StringBuilder log) {
      this.name = name;
      this.trial = trial;
      this.log = log;
    }

    boolean willWrite() {
      return writes + 1 != trial.failingWrite;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      java.util.Objects.checkFromIndexSize(from, count, bytes.length);
      if (count == 0) {
        // Does nothing to streams that can be moved at once, whenever it is done.
        return;
      }
      writes++;
      if (writes > MOST_CALLS) {
        throw new Endless();
      }
      log.append(name).append(".write ").append(count).append(' ');
      log.append(Arrays.hashCode(Arrays.copyOfRange(bytes, from, from + count))).append(' ');
      if (writes == trial.failingWrite) {
        throw new IOException(name);
      }
    }

    @Override
    public void flush() {
      log.append(name).append(".flush ");
    }

    @Override
    public void close() {
      log.append(name).append(".close ");
    }
  }

  /** A program's own, which sees more of the array than it is to write. */
  private static final class Looking extends Target {
    private final StringBuilder log;

    Looking(String name, Trial trial, StringBuilder log) {
      super(name, trial, log);
      this.log = log;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      log.append("looked ").append(Arrays.hashCode(bytes)).append(' ');
      super.write(bytes, from, count);
    }
  }

  /** A loop that does not end. */
  static final class Endless extends Error {
    private static final long serialVersionUID = 1;
  }
}
