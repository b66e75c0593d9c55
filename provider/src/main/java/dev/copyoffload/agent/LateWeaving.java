package dev.copyoffload.agent;

import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import org.jspecify.annotations.Nullable;

/**
 * Transforms classes that were loaded before the agent, beside the application.
 *
 * <p>A class of its own, so that a JVM that has nothing to transform does not load it.
 */
final class LateWeaving extends Thread {
  /**
   * Before this has passed, native code would hardly be loaded either; and a JVM that ends sooner
   * is spared the work.
   */
  private static final long STREAMS_AFTER_MILLIS = 200;

  private final ClassFileTransformer transformer;
  private final Instrumentation instrumentation;
  private final @Nullable Class<?> channel;
  private final boolean streams;

  /**
   * Creates a thread that ends with its work, and does not keep the JVM from ending.
   *
   * @param channel the class of the channels if it was loaded before the transformer was added
   * @param streams whether to transform the class of the streams as well
   */
  LateWeaving(
      ClassFileTransformer transformer,
      Instrumentation instrumentation,
      @Nullable Class<?> channel,
      boolean streams) {
    super(null, null, "copyoffload-weave", 0, false);
    this.transformer = transformer;
    this.instrumentation = instrumentation;
    this.channel = channel;
    this.streams = streams;
    setDaemon(true);
    setContextClassLoader(LateWeaving.class.getClassLoader());
  }

  @Override
  public void run() {
    try {
      if (channel != null) {
        instrumentation.retransformClasses(channel);
      }
      if (streams) {
        Thread.sleep(STREAMS_AFTER_MILLIS);
        instrumentation.retransformClasses(InputStream.class);
      }
    } catch (UnmodifiableClassException | LinkageError e) {
      // Nothing is woven, or nothing more: the JDK's own code runs.
      instrumentation.removeTransformer(transformer);
    } catch (InterruptedException e) {
      // Somebody wants this thread to end: streams stay the JDK's own.
      interrupt();
    }
  }
}
