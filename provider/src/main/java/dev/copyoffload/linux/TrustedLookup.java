package dev.copyoffload.linux;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;

/** The lookup that sees the JDK's own classes. */
public final class TrustedLookup {
  private TrustedLookup() {}

  /** Whether there may be one: not before native code is loaded, unless the package is open. */
  public static boolean isAtHand() {
    return Platform.ready() != null || isOpen();
  }

  private static boolean isOpen() {
    return Object.class
        .getModule()
        .isOpen(MethodHandles.class.getPackageName(), TrustedLookup.class.getModule());
  }

  /**
   * The lookup, by reflection where an agent has opened the way, else by native code.
   *
   * @throws ReflectiveOperationException if this JDK has none
   * @throws UnsupportedOperationException if this JVM has none
   */
  public static MethodHandles.Lookup get() throws ReflectiveOperationException {
    if (!isOpen()) {
      return JavaVm.trustedLookup();
    }
    Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
    field.setAccessible(true);
    return (MethodHandles.Lookup) field.get(null);
  }
}
