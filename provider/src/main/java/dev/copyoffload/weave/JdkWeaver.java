package dev.copyoffload.weave;

import dev.copyoffload.linux.Completion;
import dev.copyoffload.weave.loops.LoopWeaver;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.reflect.Modifier;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JDK's own provider, channels and streams ask us first, and loops of a program that copy
 * streams.
 *
 * <p>What is not as expected is left alone: the JDK's own code then does what it always did.
 */
public final class JdkWeaver implements ClassFileTransformer, Runnable {
  private static final int FEATURE = Runtime.version().feature();

  /** Who copies and moves: from 20 on a class that is there when a JVM starts. */
  private static final String COPIER =
      FEATURE < 20 ? "sun/nio/fs/UnixCopyFile" : "sun/nio/fs/UnixFileSystem";

  private static final boolean COPIER_IS_LOADED = FEATURE >= 20;

  private static final String FLAGS = COPIER.concat("$Flags");

  private static final String LOOP_HOOK = "java.io.OffloadLoop";

  private static final String PATH = "Ljava/nio/file/Path;";
  private static final String UNIX_PATH = "Lsun/nio/fs/UnixPath;";
  private static final String COPY_OPTIONS = "[Ljava/nio/file/CopyOption;)";
  private static final String COPY_HOOK = "sun/nio/fs/CopyHook";
  private static final String CHANNEL = "sun/nio/ch/FileChannelImpl";

  /**
   * Streams that do not transfer between channels by themselves, there when a JVM starts: they are
   * made to ask before the first call that may be worth it. From 18 on those of the same kind do,
   * by methods of their own. InputStream is left alone there, since JDK 25 crashes where it writes
   * an AOT cache with that class transformed.
   */
  private static final String STREAM =
      FEATURE < 18 ? "java/io/InputStream" : "java/io/FileInputStream";

  /** The class of the streams that Files opens, which is loaded for the first of them. */
  private static final String CHANNEL_STREAM = "sun/nio/ch/ChannelInputStream";

  private static final boolean STREAMS_TRANSFER = FEATURE >= 18;

  private final Instrumentation instrumentation;
  private final boolean transfers = !"raw".equals(System.getProperty("copyoffload.channels"));

  /** Null, if loops are to be left alone. */
  private final @Nullable LoopWeaver loops =
      transfers && !"off".equals(System.getProperty("copyoffload.loops"))
          ? new LoopWeaver(LOOP_HOOK.replace('.', '/'))
          : null;

  /** Which of these are not as we know them, and stay as they are. */
  private static volatile String unknown = "";

  private JdkWeaver(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /**
   * Weaves from now on; streams that are there since the JVM started, before one is transferred.
   */
  public static void weave(Instrumentation instrumentation)
      throws ClassNotFoundException, UnmodifiableClassException {
    JdkWeaver weaver = new JdkWeaver(instrumentation);
    // Stays, where loops are looked for: when somebody else transforms the class anew (the flight
    // recorder does, on 17), the JVM starts from the original.
    instrumentation.addTransformer(weaver, true);
    try {
      weaver.weaveLoaded();
    } catch (Throwable e) {
      instrumentation.removeTransformer(weaver);
      throw e;
    }
    if (weaver.loops == null) {
      weaver.leave();
    } else {
      Completion.weaveStreamsBy(weaver);
    }
  }

  /** Why the JDK's copies do not ask us, or null. */
  public static @Nullable String obstacleToCopies() {
    try {
      loaded(COPIER);
      return obstacle(COPIER);
    } catch (ClassNotFoundException e) {
      return "this JDK has no ".concat(COPIER.replace('/', '.'));
    }
  }

  /** Why the JDK's channels do not ask us, once one is loaded; or null. */
  public static @Nullable String obstacleToTransfers() {
    return obstacle(CHANNEL);
  }

  private static @Nullable String obstacle(String name) {
    return unknown.contains(name)
        ? "this JDK's ".concat(name.replace('/', '.')).concat(" is not as we know it")
        : null;
  }

  /** What is not loaded will be woven by whichever thread loads it first. */
  private void weaveLoaded() throws ClassNotFoundException, UnmodifiableClassException {
    List<Class<?>> loaded = new ArrayList<>();
    if (COPIER_IS_LOADED) {
      loaded.add(loaded(COPIER));
    }
    if (loops == null && transfers) {
      loaded.add(loaded(STREAM));
    }
    addIfLoaded(loaded);
    if (!loaded.isEmpty()) {
      // At once: each call stops the program's threads.
      instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    }
  }

  /**
   * Without loops no class of a program is looked at. A transformer that is there all the same has
   * the JVM complain on standard error where a class is loaded near the end of its stack.
   */
  private void leave() throws ClassNotFoundException {
    // What one did that cannot retransform is kept when somebody else transforms the class anew.
    JdkWeaver last = new JdkWeaver(instrumentation);
    instrumentation.addTransformer(last);
    instrumentation.removeTransformer(this);
    if (transfers) {
      loaded(CHANNEL);
      loaded(CHANNEL_STREAM);
    }
    loaded(COPIER);
    instrumentation.removeTransformer(last);
  }

  /** Weaves the streams. */
  @Override
  public void run() {
    try {
      instrumentation.retransformClasses(loaded(STREAM));
    } catch (Throwable e) {
      // The JDK's own code runs, as it would without us.
      return;
    }
  }

  private static Class<?> loaded(String name) throws ClassNotFoundException {
    return Class.forName(name.replace('/', '.'), false, null);
  }

  /** Adds what is not loaded when a JVM starts, but by an earlier agent or a recording. */
  private void addIfLoaded(List<Class<?>> classes) {
    List<String> names = new ArrayList<>();
    for (String name : new String[] {COPIER, CHANNEL, CHANNEL_STREAM}) {
      if (asks(name)) {
        names.add(name.replace('/', '.'));
      }
    }
    for (Class<?> loaded : instrumentation.getInitiatedClasses(null)) {
      if (isLike(loaded) && names.contains(loaded.getName()) && !classes.contains(loaded)) {
        classes.add(loaded);
      }
    }
  }

  /**
   * Whether a class has the modifiers of one that asks, of which some extend an abstract one: names
   * take ten times as long.
   */
  private static boolean isLike(Class<?> loaded) {
    int modifiers = loaded.getModifiers();
    if (modifiers != 0 && modifiers != Modifier.PUBLIC) {
      return false;
    }
    Class<?> parent = loaded.getSuperclass();
    return parent == Object.class
        ? modifiers == 0 && !COPIER_IS_LOADED
        : parent != null && parent.getModifiers() == (Modifier.PUBLIC | Modifier.ABSTRACT);
  }

  private boolean asks(String name) {
    return name.equals(COPIER)
        || (transfers
            && (name.equals(CHANNEL)
                || name.equals(STREAM)
                || (STREAMS_TRANSFER && name.equals(CHANNEL_STREAM))));
  }

  // Called for every class of the program, by the thread that loads it: it may be near the end of
  // its stack, or hold any lock.
  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (loader != null) {
      byte[] woven = loops == null ? null : loops.weave(classFile);
      return woven == null || !seesHook(loader) ? null : woven;
    }
    if (name == null) {
      return null;
    }
    try {
      return asks(name) ? weave(name, classFile) : null;
    } catch (RuntimeException e) {
      // A class file that we do not understand.
      return null;
    }
  }

  /** Whether classes of a loader can call ours: some hand out classes of a list of theirs only. */
  private static boolean seesHook(ClassLoader loader) {
    try {
      return Class.forName(LOOP_HOOK, false, loader).getClassLoader() == null;
    } catch (Throwable e) {
      return false;
    }
  }

  private static byte @Nullable [] weave(String name, byte[] classFile) {
    byte[] woven = null;
    try {
      EntryWeaver weaver = new EntryWeaver(classFile);
      woven =
          name.equals(COPIER)
              ? weaver.weave(copies(weaver))
              : name.equals(CHANNEL)
                  ? weaver.weave(transfersOfChannels(weaver))
                  : weaver.weave(transferOfStreams(weaver));
      return woven;
    } finally {
      if (woven == null) {
        unknown = unknown.concat(name);
      }
    }
  }

  private static EntryWeaver.Entry[] copies(EntryWeaver weaver) {
    // Behind the file system, where these are its methods.
    int local = COPIER_IS_LOADED ? 1 : 0;
    int hook = weaver.fieldConstant(COPY_HOOK, "installed", "Lsun/nio/fs/CopyHook;");
    return new EntryWeaver.Entry[] {
      asking(weaver, hook, "copy", "copies", local),
      asking(weaver, hook, "move", "moves", local),
      askingAgain(weaver, hook, local)
    };
  }

  /**
   * {@code if (CopyHook.installed.copies(source, target, options)) return;}
   *
   * @param hook the constant of that field
   * @param local where source is
   */
  private static EntryWeaver.Entry asking(
      EntryWeaver weaver, int hook, String method, String question, int local) {
    String asked = "(".concat(PATH).concat(PATH).concat(COPY_OPTIONS).concat("Z");
    int call = weaver.methodConstant(COPY_HOOK, question, asked);
    byte[] code =
        returningIfTrue(
            hook,
            call,
            (byte) (0x2a + local), // aload
            (byte) (0x2b + local),
            (byte) (0x2c + local));
    String descriptor = "(".concat(UNIX_PATH).concat(UNIX_PATH).concat(COPY_OPTIONS).concat("V");
    return new EntryWeaver.Entry(method, descriptor, code, 4, 13, false);
  }

  /**
   * {@code if (CopyHook.installed.copiesFile(source, target, attributes.size(), attributes.dev(),
   * flags.copyPosixAttributes)) return;}
   *
   * @param hook the constant of that field
   * @param local where source is; then come attributes, target and flags
   */
  private static EntryWeaver.Entry askingAgain(EntryWeaver weaver, int hook, int local) {
    String attributes = "sun/nio/fs/UnixFileAttributes";
    int size = weaver.methodConstant(attributes, "size", "()J");
    int device = weaver.methodConstant(attributes, "dev", "()J");
    int flag = weaver.fieldConstant(FLAGS, "copyPosixAttributes", "Z");
    int call =
        weaver.methodConstant(
            COPY_HOOK, "copiesFile", "(".concat(PATH).concat(PATH).concat("JJZ)Z"));
    byte[] code =
        returningIfTrue(
            hook,
            call,
            (byte) (0x2a + local), // aload
            (byte) (0x2c + local),
            (byte) (0x2b + local),
            (byte) 0xb6, // invokevirtual
            (byte) (size >> 8),
            (byte) size,
            (byte) (0x2b + local),
            (byte) 0xb6, // invokevirtual
            (byte) (device >> 8),
            (byte) device,
            (byte) 0x19, // aload
            (byte) (3 + local),
            (byte) 0xb4, // getfield
            (byte) (flag >> 8),
            (byte) flag);
    String descriptor =
        "("
            .concat(UNIX_PATH)
            .concat("Lsun/nio/fs/UnixFileAttributes;")
            .concat(UNIX_PATH)
            .concat("L")
            .concat(FLAGS)
            .concat(";J)V");
    return new EntryWeaver.Entry("copyFile", descriptor, code, 8, 25, false);
  }

  /**
   * {@code if (hook.call(…)) return;}, and as many bytes behind it that the branch ends within them
   * and switches stay aligned.
   *
   * @param arguments what puts those of the call on the stack
   */
  private static byte[] returningIfTrue(int hook, int call, byte... arguments) {
    int at = 3 + arguments.length;
    int length = at + 7;
    byte[] code = new byte[length + 4 - length % 4];
    code[0] = (byte) 0xb2; // getstatic
    code[1] = (byte) (hook >> 8);
    code[2] = (byte) hook;
    System.arraycopy(arguments, 0, code, 3, arguments.length);
    code[at++] = (byte) 0xb6; // invokevirtual
    code[at++] = (byte) (call >> 8);
    code[at++] = (byte) call;
    code[at++] = (byte) 0x99; // ifeq, four further
    code[at++] = 0;
    code[at++] = 4;
    code[at] = (byte) 0xb1; // return, and then no operations
    return code;
  }

  private static EntryWeaver.Entry[] transfersOfChannels(EntryWeaver weaver) {
    return new EntryWeaver.Entry[] {
      transferring(
          weaver,
          "transferTo",
          "(JJLjava/nio/channels/WritableByteChannel;)J",
          "(Ljava/nio/channels/FileChannel;JJLjava/nio/channels/WritableByteChannel;)J",
          // aload_0, lload_1, lload_3, aload 5
          new byte[] {0x2a, 0x1f, 0x21, 0x19, 5}),
      transferring(
          weaver,
          "transferFrom",
          "(Ljava/nio/channels/ReadableByteChannel;JJ)J",
          "(Ljava/nio/channels/FileChannel;Ljava/nio/channels/ReadableByteChannel;JJ)J",
          // aload_0, aload_1, lload_2, lload 4
          new byte[] {0x2a, 0x2b, 0x20, 0x16, 4})
    };
  }

  private static EntryWeaver.Entry transferOfStreams(EntryWeaver weaver) {
    return transferring(
        weaver,
        "transferTo",
        "(Ljava/io/OutputStream;)J",
        "(Ljava/io/InputStream;Ljava/io/OutputStream;)J",
        // aload_0, aload_1, and no operation thrice
        new byte[] {0x2a, 0x2b, 0, 0, 0});
  }

  /**
   * {@code long n = TransferHook.method(…); if (n > 0) return n;}
   *
   * @param asked the descriptor of the hook's method, of the same name
   * @param arguments five bytes that put those of the call on the stack
   */
  private static EntryWeaver.Entry transferring(
      EntryWeaver weaver, String method, String descriptor, String asked, byte[] arguments) {
    int call = weaver.methodConstant("sun/nio/ch/TransferHook", method, asked);
    byte[] code = new byte[20];
    System.arraycopy(arguments, 0, code, 0, 5);
    code[5] = (byte) 0xb8; // invokestatic
    code[6] = (byte) (call >> 8);
    code[7] = (byte) call;
    code[8] = 0x5c; // dup2
    code[9] = 0x09; // lconst_0
    code[10] = (byte) 0x94; // lcmp
    code[11] = (byte) 0x9e; // ifle, five further
    code[12] = 0;
    code[13] = 5;
    code[14] = 0; // nop
    code[15] = (byte) 0xad; // lreturn
    code[16] = 0x58; // pop2, and then no operations
    return new EntryWeaver.Entry(method, descriptor, code, 6, 16, true);
  }
}
