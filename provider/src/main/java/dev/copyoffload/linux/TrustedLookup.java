package dev.copyoffload.linux;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;

/**
 * The lookup that sees the JDK's own classes, where no flag and no agent has opened a package.
 *
 * <p>To native code every field of every class is open. Only the class whose native methods these
 * are may load their library: from JDK 24 on with a warning, unless native access is enabled.
 */
final class TrustedLookup {
  private TrustedLookup() {}

  static void load(String file) {
    System.load(file);
  }

  /** FromReflectedField of the Java Native Interface. */
  private static native long fieldId(Field field);

  /** GetStaticObjectField of the Java Native Interface. */
  private static native Object valueOf(Class<?> owner, long fieldId);

  /**
   * Reads it, once {@link #load} has returned.
   *
   * @throws NoSuchFieldException if this JDK has none
   */
  static MethodHandles.Lookup get() throws NoSuchFieldException {
    return (MethodHandles.Lookup) valueOf(MethodHandles.Lookup.class, "IMPL_LOOKUP");
  }

  /**
   * Reads a static field of any class that has been initialised.
   *
   * @throws NoSuchFieldException if it has none of that name
   */
  static Object valueOf(Class<?> owner, String field) throws NoSuchFieldException {
    return valueOf(owner, fieldId(owner.getDeclaredField(field)));
  }
}
