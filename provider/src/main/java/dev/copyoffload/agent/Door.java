package dev.copyoffload.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
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
final class Door implements Consumer<Object>, Runnable {
  /**
   * Classes of sun.nio.fs without an initialiser, which few programs load: an earlier agent may
   * have loaded one.
   */
  private static final String[] CLASSES = {
    "sun/nio/fs/FileOwnerAttributeViewImpl", "sun/nio/fs/UnixFileKey",
  };

  private static final String IMAGE = "copyoffload.image";

  private final String property = "copyoffload.door.".concat(Long.toString(System.nanoTime()));
  private final Image image;

  /**
   * The class that is woven now. No other may be: an initialiser that finds nobody waiting would
   * break its class for good.
   */
  private volatile @Nullable String awaited;

  private @Nullable Consumer<byte[]> definer;
  private byte @Nullable [] rest;
  private @Nullable Throwable obstacle;

  /** A door that is shut, to the classes of an image. */
  Door(Image image) {
    this.image = image;
  }

  boolean isAwaiting(String internalName) {
    return internalName.equals(awaited);
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
   * Goes through, and defines the first of our classes.
   *
   * @throws UnsupportedOperationException if the JDK has loaded the classes before, or has others
   *     than we know
   */
  void pass() throws ClassNotFoundException, IOException {
    System.getProperties().put(property, this);
    try {
      for (int i = 0; i < CLASSES.length && definer == null; i++) {
        awaited = CLASSES[i];
        Class.forName(CLASSES[i].replace('/', '.'), true, null);
      }
    } finally {
      awaited = null;
      System.getProperties().remove(property);
    }
    Consumer<byte[]> found = definer;
    if (found == null) {
      throw new UnsupportedOperationException("java.base lets nobody in: " + obstacle, obstacle);
    }
    found.accept(image.first());
  }

  @Override
  @SuppressWarnings("unchecked") // what OffloadImage leaves there
  public void accept(Object lookup) {
    try {
      MethodHandles.Lookup own = (MethodHandles.Lookup) lookup;
      own.defineClass(OffloadKernelBytes.get());
      own.ensureInitialized(own.defineClass(OffloadImageBytes.get()));
      definer = (Consumer<byte[]>) System.getProperties().remove(IMAGE);
    } catch (Throwable e) {
      // It would break the JDK's class for good.
      obstacle = e;
    }
  }

  /** Defines what a plain copy needs, and when it runs again the rest. */
  @Override
  public void run() {
    Consumer<byte[]> found = definer;
    if (found == null) {
      return;
    }
    byte[] last = rest;
    if (last != null) {
      found.accept(last);
      rest = null;
      return;
    }
    try {
      byte[][] others = image.others();
      found.accept(others[0]);
      rest = others[1];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
