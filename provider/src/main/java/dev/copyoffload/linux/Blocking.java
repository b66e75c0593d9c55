package dev.copyoffload.linux;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/**
 * Tells the scheduler of virtual threads that one is about to wait in system calls, so that others
 * run meanwhile, as the JDK does around its own.
 */
public final class Blocking {
  /**
   * The JDK's {@code Blocker}, from 21 on.
   *
   * @param begin returns what {@code end} takes: a long on 21, later a boolean
   */
  private record Blocker(MethodHandle begin, MethodHandle end) {
    static final @Nullable Blocker OF_THIS_JDK = find();

    private static @Nullable Blocker find() {
      try {
        MethodHandle[] handles = OffloadKernel.blocker();
        return new Blocker(
            handles[0].asType(MethodType.methodType(Object.class)),
            handles[1].asType(MethodType.methodType(void.class, Object.class)));
      } catch (ReflectiveOperationException
          | RuntimeException
          | LinkageError
          | StackOverflowError e) {
        // Another JDK: the scheduler waits.
        return null;
      }
    }
  }

  private Blocking() {}

  /** Call before, and hand what it returns to {@link #end} afterwards. */
  public static @Nullable Object begin() {
    // Not Thread.isVirtual(): 17 has none.
    Class<?> type = Thread.currentThread().getClass();
    return type == Thread.class ? null : beginIn(type);
  }

  private static @Nullable Object beginIn(Class<?> type) {
    if (!type.getName().equals("java.lang.VirtualThread") || !JavaBase.isEntered()) {
      return null;
    }
    Blocker blocker = Blocker.OF_THIS_JDK;
    try {
      return blocker == null ? null : (Object) blocker.begin.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Call afterwards, whatever was thrown. */
  public static void end(@Nullable Object begun) {
    Blocker blocker = begun == null ? null : Blocker.OF_THIS_JDK;
    if (blocker == null) {
      return;
    }
    try {
      blocker.end.invokeExact(begun);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Neither declares an exception. */
  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(thrown);
  }
}
