package dev.copyoffload;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * An agent that logs which classes of ours are defined, and which of the JDK woven, under a lock.
 */
public final class LoggingAgent implements ClassFileTransformer {
  /** Of the logger. */
  static final Object LOCK = new Object();

  private LoggingAgent() {}

  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new LoggingAgent(), true);
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    // Ours are defined without saying their names.
    if (name == null || redefined != null) {
      synchronized (LOCK) {
        return null;
      }
    }
    return null;
  }
}
