package dev.copyoffload.agent;

import dev.copyoffload.channel.ChannelOffload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.ProtectionDomain;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the transfers of the JDK's own channels and streams ask us first.
 *
 * <p>The class of the channels is not loaded when a JVM starts. Who needs it first, the application
 * or the thread that is started here, gets it woven. That thread transforms what was loaded before,
 * beside the application: streams on JDK 17, and on later ones nothing, as a rule, so that none is
 * started.
 */
final class TransferTransformer implements ClassFileTransformer {
  /** From 18 on the JDK's streams transfer between their channels themselves. */
  private static final boolean STREAMS_COPY_BYTES = Runtime.version().feature() < 18;

  private volatile boolean channelIsWoven;
  private volatile boolean hookIsDefined;

  private TransferTransformer() {}

  /**
   * Starts weaving.
   *
   * <p>{@code sun.nio.ch} must be open to this class's module, and classes must be allowed to be
   * retransformed. What is not as expected is left alone: transfers are then the JDK's own.
   */
  static void start(Instrumentation instrumentation) {
    TransferTransformer transformer = new TransferTransformer();
    boolean tooLateForSome = STREAMS_COPY_BYTES || isChannelLoaded(instrumentation);
    // Stays: when somebody else transforms the class anew (the flight recorder does, on 17), the
    // JVM starts from the original.
    instrumentation.addTransformer(transformer, tooLateForSome);
    if (tooLateForSome) {
      new Weaving(transformer, instrumentation).start();
    }
  }

  /** Whether what is woven when it is loaded is loaded: by an earlier agent, or a recording. */
  private static boolean isChannelLoaded(Instrumentation instrumentation) {
    String wanted = TransferWeaver.CHANNEL.replace('/', '.');
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      if (loaded.getName().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  private void weaveLoaded(Instrumentation instrumentation) {
    try {
      if (STREAMS_COPY_BYTES) {
        instrumentation.retransformClasses(InputStream.class);
      }
      // Loads it, which calls transform(), if the application has not done so yet.
      Class<?> channel = Class.forName(TransferWeaver.CHANNEL.replace('/', '.'));
      if (!channelIsWoven) {
        instrumentation.retransformClasses(channel);
      }
    } catch (ClassNotFoundException | UnmodifiableClassException | LinkageError e) {
      // Nothing is woven, or nothing more: the JDK's own code runs.
      instrumentation.removeTransformer(this);
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String name,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (loader != null || name == null || !isWanted(name)) {
      return null;
    }
    try {
      byte[] woven = TransferWeaver.weave(name, classFile);
      if (woven != null) {
        defineHook();
        channelIsWoven |= name.equals(TransferWeaver.CHANNEL);
      }
      return woven;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An exception here would be swallowed by the JVM as well.
      return null;
    }
  }

  private static boolean isWanted(String name) {
    return name.equals(TransferWeaver.CHANNEL)
        || (STREAMS_COPY_BYTES && name.equals(TransferWeaver.STREAM));
  }

  private synchronized void defineHook() throws ReflectiveOperationException {
    if (hookIsDefined) {
      return;
    }
    // Any class of the package but the one that may be on its way.
    Class<?> neighbour = Class.forName("sun.nio.ch.NativeThreadSet");
    Class<?> hook =
        MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
            .defineClass(TransferHookBytes.get());
    Method install =
        hook.getMethod("install", ToLongFunction.class, ToLongFunction.class, ToLongFunction.class);
    install.setAccessible(true);
    install.invoke(null, Handler.TO, Handler.FROM, Handler.STREAM);
    ChannelOffload.channelsAsk();
    hookIsDefined = true;
  }

  /** Who is called: constants and not lambdas, whose first costs a program 20 ms to start. */
  private enum Handler implements ToLongFunction<Object[]> {
    TO {
      @Override
      long transfer(Object[] arguments) throws IOException {
        return ChannelOffload.transferTo(
            (FileChannel) arguments[0],
            (String) arguments[1],
            (long) arguments[2],
            (long) arguments[3],
            (WritableByteChannel) arguments[4]);
      }
    },
    FROM {
      @Override
      long transfer(Object[] arguments) throws IOException {
        return ChannelOffload.transferFrom(
            (FileChannel) arguments[0],
            (String) arguments[1],
            (ReadableByteChannel) arguments[2],
            (long) arguments[3],
            (long) arguments[4]);
      }
    },
    STREAM {
      @Override
      long transfer(Object[] arguments) throws IOException {
        return ChannelOffload.transferAll((InputStream) arguments[0], (OutputStream) arguments[1]);
      }
    };

    abstract long transfer(Object[] arguments) throws IOException;

    @Override
    public long applyAsLong(Object[] arguments) {
      try {
        return transfer(arguments);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Weaving extends Thread {
    private final TransferTransformer transformer;
    private final Instrumentation instrumentation;

    Weaving(TransferTransformer transformer, Instrumentation instrumentation) {
      super(null, null, "copyoffload-weave", 0, false);
      this.transformer = transformer;
      this.instrumentation = instrumentation;
      setDaemon(true);
      setContextClassLoader(TransferTransformer.class.getClassLoader());
    }

    @Override
    public void run() {
      transformer.weaveLoaded(instrumentation);
    }
  }
}
