package dev.copyoffload.agent;

import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way into a package of java.base that opens nothing to anybody: a class that the JDK has not
 * loaded yet gets an initialiser, which hands its own lookup to whoever waits at a system property.
 *
 * <p>Used once, before the program starts; a third of what {@code Instrumentation.redefineModule}
 * takes.
 */
final class Door implements Consumer<Object> {
  /**
   * Classes of sun.nio.fs without an initialiser, which few programs load: an earlier agent may
   * have loaded one.
   */
  private static final String[] CLASSES = {
    "sun/nio/fs/FileOwnerAttributeViewImpl", "sun/nio/fs/UnixFileKey",
  };

  private static final String IMAGE = "copyoffload.image";

  private final String property = "copyoffload.door.".concat(Long.toString(System.nanoTime()));
  private final byte[] image;
  private boolean passed;
  private @Nullable Throwable obstacle;

  /**
   * A door that is shut.
   *
   * @param image what {@code sun.nio.fs.OffloadImage} defines
   */
  Door(byte[] image) {
    this.image = image;
  }

  static boolean isClass(String internalName) {
    return internalName.equals(CLASSES[0]) || internalName.equals(CLASSES[1]);
  }

  /**
   * {@code ((Consumer) System.getProperties().remove(property)).accept(MethodHandles.lookup());}
   */
  byte @Nullable [] open(EntryWeaver weaver) {
    int properties =
        weaver.methodConstant(
            "java/lang/System", "getProperties", "()Ljava/util/Properties;", false);
    int text = weaver.stringConstant(property);
    int remove =
        weaver.methodConstant(
            "java/util/Properties", "remove", "(Ljava/lang/Object;)Ljava/lang/Object;", false);
    int consumer = weaver.classConstant("java/util/function/Consumer");
    int lookup =
        weaver.methodConstant(
            "java/lang/invoke/MethodHandles",
            "lookup",
            "()Ljava/lang/invoke/MethodHandles$Lookup;",
            false);
    int accept =
        weaver.methodConstant(
            "java/util/function/Consumer", "accept", "(Ljava/lang/Object;)V", true);
    byte[] code = {
      (byte) 0xb8, // invokestatic
      (byte) (properties >> 8),
      (byte) properties,
      0x13, // ldc_w
      (byte) (text >> 8),
      (byte) text,
      (byte) 0xb6, // invokevirtual
      (byte) (remove >> 8),
      (byte) remove,
      (byte) 0xc0, // checkcast
      (byte) (consumer >> 8),
      (byte) consumer,
      (byte) 0xb8, // invokestatic
      (byte) (lookup >> 8),
      (byte) lookup,
      (byte) 0xb9, // invokeinterface
      (byte) (accept >> 8),
      (byte) accept,
      2,
      0,
    };
    return weaver.withInitializer(code, 2);
  }

  /**
   * Goes through.
   *
   * @throws UnsupportedOperationException if the JDK has loaded the classes before, or has others
   *     than we know
   */
  void pass() throws ClassNotFoundException {
    System.getProperties().put(property, this);
    try {
      for (int i = 0; i < CLASSES.length && !passed; i++) {
        Class.forName(CLASSES[i].replace('/', '.'), true, null);
      }
    } finally {
      System.getProperties().remove(property);
      System.getProperties().remove(IMAGE);
    }
    if (!passed) {
      throw new UnsupportedOperationException("java.base lets nobody in: " + obstacle, obstacle);
    }
  }

  @Override
  public void accept(Object lookup) {
    try {
      MethodHandles.Lookup own = (MethodHandles.Lookup) lookup;
      own.defineClass(OffloadKernelBytes.get());
      System.getProperties().put(IMAGE, image);
      own.ensureInitialized(own.defineClass(OffloadImageBytes.get()));
      passed = true;
    } catch (Throwable e) {
      // It would break the JDK's class for good.
      obstacle = e;
    }
  }
}
