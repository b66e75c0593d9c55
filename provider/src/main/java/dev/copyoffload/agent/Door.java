package dev.copyoffload.agent;

import dev.copyoffload.weave.EntryWeaver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way into a package of java.base that opens nothing to anybody: a class that the JDK has not
 * loaded yet gets an initialiser, which defines the first of our classes there.
 *
 * <p>Used once, before the program starts; a third of what {@code Instrumentation.redefineModule}
 * takes.
 *
 * <p>No {@code Runnable}: agents that trace put code into every such class of the application
 * loader, and OpenTelemetry's then appends to the boot class path, of which the JVM warns.
 */
final class Door implements ClassFileTransformer, IntConsumer {
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

  /** What was read, and is not defined yet. */
  private final byte[] @Nullable [] unused = new byte[Image.COUNT][];

  /** A door that is shut, to the classes of an image. */
  Door(Image image) {
    this.image = image;
  }

  // While it stands open, which is before the program starts.
  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (name == null || !name.equals(awaited)) {
      return null;
    }
    try {
      return open(new EntryWeaver(classFile));
    } catch (RuntimeException e) {
      // A class file that we do not understand.
      return null;
    }
  }

  /**
   * {@code try { Unsafe.getUnsafe().ensureClassInitialized(Unsafe.getUnsafe().defineClass(null,
   * (byte[]) System.getProperties().remove(property), …)); } catch (Throwable e) {
   * System.getProperties().put(property, e); }}: what it threw would break the JDK's class for
   * good.
   */
  private byte @Nullable [] open(EntryWeaver weaver) {
    String type = "jdk/internal/misc/Unsafe";
    String table = "java/util/Properties";
    String key = "(Ljava/lang/Object;";
    int unsafe = weaver.methodConstant(type, "getUnsafe", "()L".concat(type).concat(";"), false);
    int properties =
        weaver.methodConstant(
            "java/lang/System", "getProperties", "()Ljava/util/Properties;", false);
    int text = weaver.stringConstant(property);
    int remove = weaver.methodConstant(table, "remove", key.concat(")Ljava/lang/Object;"), false);
    int put =
        weaver.methodConstant(
            table, "put", key.concat("Ljava/lang/Object;)Ljava/lang/Object;"), false);
    int bytes = weaver.classConstant("[B");
    int define =
        weaver.methodConstant(
            type,
            "defineClass",
            "(Ljava/lang/String;[BIILjava/lang/ClassLoader;"
                .concat("Ljava/security/ProtectionDomain;)Ljava/lang/Class;"),
            false);
    int initialize =
        weaver.methodConstant(type, "ensureClassInitialized", "(Ljava/lang/Class;)V", false);
    byte[] code = {
      (byte) 0xb8, // invokestatic
      (byte) (unsafe >> 8),
      (byte) unsafe,
      0x01, // aconst_null
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
      (byte) (bytes >> 8),
      (byte) bytes,
      0x59, // dup
      (byte) 0xbe, // arraylength
      0x03, // iconst_0
      0x5f, // swap
      0x01, // aconst_null
      0x01, // aconst_null
      (byte) 0xb6, // invokevirtual
      (byte) (define >> 8),
      (byte) define,
      (byte) 0xb8, // invokestatic
      (byte) (unsafe >> 8),
      (byte) unsafe,
      0x5f, // swap
      (byte) 0xb6, // invokevirtual
      (byte) (initialize >> 8),
      (byte) initialize,
      (byte) 0xb1, // return
      (byte) 0xb8, // invokestatic, with the exception on the stack
      (byte) (properties >> 8),
      (byte) properties,
      0x5f, // swap
      0x13, // ldc_w
      (byte) (text >> 8),
      (byte) text,
      0x5f, // swap
      (byte) 0xb6, // invokevirtual
      (byte) (put >> 8),
      (byte) put,
      0x57, // pop
      (byte) 0xb1, // return
    };
    return weaver.withInitializer(code, 7, 33);
  }

  /**
   * Goes through, and defines the first of our classes.
   *
   * @throws UnsupportedOperationException if the JDK has loaded the classes before, or has others
   *     than we know
   */
  @SuppressWarnings("unchecked") // what OffloadImage leaves there
  void pass() throws ClassNotFoundException, IOException {
    byte[] first = image.first();
    byte[] definerClass = Image.firstOf(first);
    Object left = null;
    Object found = null;
    try {
      for (int i = 0; i < CLASSES.length && found == null; i++) {
        System.getProperties().put(property, definerClass);
        awaited = CLASSES[i];
        Class.forName(CLASSES[i].replace('/', '.'), true, null);
        left = System.getProperties().remove(property);
        found = System.getProperties().remove(IMAGE);
      }
    } finally {
      awaited = null;
      System.getProperties().remove(property);
    }
    if (found == null) {
      Throwable obstacle = left instanceof Throwable thrown ? thrown : null;
      throw new UnsupportedOperationException("java.base lets nobody in: " + obstacle, obstacle);
    }
    definer = (Consumer<byte[]>) found;
    definer.accept(first);
    // Looking at a class that is being loaded opens no file.
    unused[0] = image.part(0);
  }

  /** Defines the classes of an image, by its number in {@link dev.copyoffload.linux.Completion}. */
  @Override
  public void accept(int part) {
    Consumer<byte[]> found = definer;
    if (found == null) {
      return;
    }
    byte[] classes = unused[part];
    if (classes == null) {
      try {
        classes = image.part(part);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      // Kept until then: after an overflow of the stack the same one goes on.
      unused[part] = classes;
    }
    found.accept(classes);
    unused[part] = null;
  }
}
