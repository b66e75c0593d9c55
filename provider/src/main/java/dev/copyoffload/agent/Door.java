package dev.copyoffload.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The way into a package of java.base that opens nothing to anybody: a class that the JDK has not
 * loaded yet gets an initialiser, which defines the first of our classes there. That one defines
 * the others, which the build packs in the agent's jar as images.
 *
 * <p>It opens once, before the program starts; a third of what {@code
 * Instrumentation.redefineModule} takes. All in one class, since a new JVM takes 0.7 ms for each
 * that it finds in a jar and verifies.
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

  /** What is defined when it is needed, by numbers of {@link dev.copyoffload.linux.Completion}. */
  private static final String[] PARTS = {"loops", "core", "moving", "transfers", "rest"};

  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  /** How long a constant of each kind is, {@link #UTF8} without its text; 0 where there is none. */
  private static final byte[] CONSTANT_LENGTHS = {
    0, 3, 0, 5, 5, 9, 9, 3, 3, 5, 5, 5, 5, 0, 0, 4, 3, 5, 5, 3, 3
  };

  private final String property = "copyoffload.door.".concat(Long.toString(System.nanoTime()));

  /**
   * Null, if the agent's classes were found in a directory first. Stays open, as it is for the
   * loader of these classes: what is read later is of the same jar, whatever has that name by then.
   */
  private final @Nullable ZipFile jar;

  /**
   * The class that is woven now. No other may be: an initialiser that finds nobody waiting would
   * break its class for good.
   */
  private volatile @Nullable String awaited;

  /** The constants of the class that is woven, so far. */
  private int constantCount;

  private @Nullable Consumer<byte[]> definer;

  /** What was read, and is not defined yet. */
  private final byte[] @Nullable [] unused = new byte[PARTS.length][];

  /** A door that is shut. */
  Door() throws IOException {
    String path = Door.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    // A plain name needs no more classes.
    String name = path.indexOf('%') < 0 ? path : URI.create("file:".concat(path)).getPath();
    jar = name.endsWith("/") ? null : new ZipFile(name);
  }

  /**
   * Goes through, and defines what programs may name and what the JDK asks.
   *
   * @throws UnsupportedOperationException if the JDK has loaded the classes before, as an earlier
   *     agent of ours has it do, or has others than we know
   */
  @SuppressWarnings("unchecked") // what OffloadImage leaves there
  void pass(Instrumentation instrumentation) throws ClassNotFoundException, IOException {
    byte[] first = read("first");
    byte[] definerClass = Arrays.copyOfRange(first, 4, 4 + u4(first, 0));
    Object left = null;
    Object found = null;
    // No longer than needed: while it is there, the JVM asks about each class, ours as well.
    instrumentation.addTransformer(this);
    try {
      for (int i = 0; i < CLASSES.length && found == null; i++) {
        System.getProperties().put(property, definerClass);
        awaited = CLASSES[i];
        Class.forName(CLASSES[i].replace('/', '.'), true, null);
        left = System.getProperties().remove(property);
        found = System.getProperties().remove("copyoffload.image");
      }
    } finally {
      awaited = null;
      instrumentation.removeTransformer(this);
      System.getProperties().remove(property);
    }
    if (found == null) {
      Throwable obstacle = left instanceof Throwable thrown ? thrown : null;
      throw new UnsupportedOperationException("java.base lets nobody in: " + obstacle, obstacle);
    }
    definer = (Consumer<byte[]>) found;
    definer.accept(first);
    // Looking at a class that is being loaded opens no file.
    unused[0] = read(PARTS[0]);
  }

  /** Defines the classes of an image, by its number. */
  @Override
  public void accept(int part) {
    Consumer<byte[]> found = definer;
    if (found == null) {
      return;
    }
    byte[] classes = unused[part];
    if (classes == null) {
      try {
        classes = read(PARTS[part]);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      // Kept until then: after an overflow of the stack the same one goes on.
      unused[part] = classes;
    }
    found.accept(classes);
    unused[part] = null;
  }

  private byte[] read(String image) throws IOException {
    String name = "META-INF/copyoffload-".concat(image).concat(".image");
    if (jar == null) {
      // The jar is on the class path all the same.
      try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("copyoffload-agent.jar is not on the class path");
        }
        return in.readAllBytes();
      }
    }
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      throw new IOException(jar.getName().concat(" has no ").concat(name));
    }
    // In one piece: readAllBytes() would put it together from pieces of 16 KiB.
    byte[] bytes = new byte[(int) entry.getSize()];
    try (InputStream in = jar.getInputStream(entry)) {
      if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw new IOException(jar.getName().concat(" ends within ").concat(name));
      }
    }
    return bytes;
  }

  // --- The initialiser -----------------------------------------------------------------------

  // While the door stands open, which is before the program starts.
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
      return initialised(classFile);
    } catch (RuntimeException e) {
      // A class file that we do not understand.
      return null;
    }
  }

  /**
   * The class file with {@code try { Unsafe.getUnsafe().ensureClassInitialized(
   * Unsafe.getUnsafe().defineClass(null, (byte[]) System.getProperties().remove(property), …)); }
   * catch (Throwable e) { System.getProperties().put(property, e); }}, since what an initialiser
   * throws breaks its class for good; or null if it has one.
   */
  private byte @Nullable [] initialised(byte[] in) {
    int endOfConstants = endOfConstants(in);
    if (endOfConstants < 0) {
      return null;
    }
    int fields = endOfConstants + 8 + 2 * u2(in, endOfConstants + 6);
    int methods = endOfMembers(in, fields);
    int end = endOfMembers(in, methods);
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length + 1024);
    out.write(in, 0, endOfConstants);
    constantCount = u2(in, 8);
    String unsafeName = "jdk/internal/misc/Unsafe";
    int unsafe = type(out, unsafeName);
    int system = type(out, "java/lang/System");
    int table = type(out, "java/util/Properties");
    int array = type(out, "[B");
    int throwable = type(out, "java/lang/Throwable");
    int key = constant(out, 8, text(out, property));
    int get = method(out, unsafe, "getUnsafe", "()L".concat(unsafeName).concat(";"));
    int define =
        method(
            out,
            unsafe,
            "defineClass",
            "(Ljava/lang/String;[BIILjava/lang/ClassLoader;Ljava/security/ProtectionDomain;)"
                .concat("Ljava/lang/Class;"));
    int initialize = method(out, unsafe, "ensureClassInitialized", "(Ljava/lang/Class;)V");
    int properties = method(out, system, "getProperties", "()Ljava/util/Properties;");
    int remove = method(out, table, "remove", "(Ljava/lang/Object;)Ljava/lang/Object;");
    int put = method(out, table, "put", "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;");
    int name = text(out, "<clinit>");
    int descriptor = text(out, "()V");
    int code = text(out, "Code");
    int stackMap = text(out, "StackMapTable");
    out.write(in, endOfConstants, methods - endOfConstants);
    u2(out, u2(in, methods) + 1);
    out.write(in, methods + 2, end - methods - 2);
    u2(out, 8); // static
    u2(out, name);
    u2(out, descriptor);
    u2(out, 1);
    u2(out, code);
    u2(out, 0);
    u2(out, 78);
    u2(out, 7); // how deep the stack becomes
    u2(out, 0);
    u2(out, 0);
    u2(out, 46);
    instruction(out, 0xb8, get); // invokestatic
    out.write(0x01); // aconst_null
    instruction(out, 0xb8, properties);
    instruction(out, 0x13, key); // ldc_w
    instruction(out, 0xb6, remove); // invokevirtual
    instruction(out, 0xc0, array); // checkcast
    u2(out, 0x59be);
    u2(out, 0x035f); // dup, arraylength, iconst_0, swap
    u2(out, 0x0101); // aconst_null, twice
    instruction(out, 0xb6, define);
    instruction(out, 0xb8, get);
    out.write(0x5f); // swap
    instruction(out, 0xb6, initialize);
    out.write(0xb1); // return
    // Here, at 33, with the exception on the stack.
    instruction(out, 0xb8, properties);
    out.write(0x5f);
    instruction(out, 0x13, key);
    out.write(0x5f);
    instruction(out, 0xb6, put);
    u2(out, 0x57b1); // pop, return
    // One handler, for everything.
    u2(out, 1);
    u2(out, 0);
    u2(out, 33);
    u2(out, 33);
    u2(out, 0);
    u2(out, 1);
    u2(out, stackMap);
    u2(out, 0);
    u2(out, 6);
    u2(out, 1);
    out.write(64 + 33); // one thing on the stack
    out.write(7); // an object
    u2(out, throwable);
    out.write(in, end, in.length - end);
    byte[] initialised = out.toByteArray();
    initialised[8] = (byte) (constantCount >> 8);
    initialised[9] = (byte) constantCount;
    return initialised;
  }

  /** Negative, if one of the constants is the name of an initialiser. */
  private static int endOfConstants(byte[] in) {
    int count = u2(in, 8);
    int at = 10;
    for (int i = 1; i < count; i++) {
      int tag = in[at];
      int length = CONSTANT_LENGTHS[tag];
      if (length == 0) {
        throw new IllegalArgumentException("constant of kind " + tag);
      }
      if (tag == UTF8) {
        int text = u2(in, at + 1);
        if (text == 8 && in[at + 3] == '<' && in[at + 4] == 'c') {
          return -1;
        }
        length += text;
      } else if (tag == LONG || tag == DOUBLE) {
        i++;
      }
      at += length;
    }
    return at;
  }

  private static int endOfMembers(byte[] in, int members) {
    int at = members + 2;
    for (int left = u2(in, members); left > 0; left--) {
      int attributes = u2(in, at + 6);
      at += 8;
      for (; attributes > 0; attributes--) {
        at += 6 + u4(in, at + 2);
      }
    }
    return at;
  }

  private static int u2(byte[] in, int at) {
    return (in[at] & 0xFF) << 8 | (in[at + 1] & 0xFF);
  }

  private static int u4(byte[] in, int at) {
    return u2(in, at) << 16 | u2(in, at + 2);
  }

  private static void u2(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  // Each is the number of the constant that it writes.

  @SuppressWarnings("deprecation") // any other way sets up nine classes
  private int text(ByteArrayOutputStream out, String text) {
    out.write(UTF8);
    int length = text.length();
    u2(out, length);
    byte[] bytes = new byte[length];
    text.getBytes(0, length, bytes, 0);
    out.write(bytes, 0, length);
    return constantCount++;
  }

  private int type(ByteArrayOutputStream out, String name) {
    return constant(out, 7, text(out, name));
  }

  private int method(ByteArrayOutputStream out, int type, String name, String descriptor) {
    int nameAndType = constant(out, 12, text(out, name), text(out, descriptor));
    return constant(out, 10, type, nameAndType);
  }

  private int constant(ByteArrayOutputStream out, int tag, int first) {
    out.write(tag);
    u2(out, first);
    return constantCount++;
  }

  private int constant(ByteArrayOutputStream out, int tag, int first, int second) {
    int number = constant(out, tag, first);
    u2(out, second);
    return number;
  }

  private static void instruction(ByteArrayOutputStream out, int code, int operand) {
    out.write(code);
    u2(out, operand);
  }
}
