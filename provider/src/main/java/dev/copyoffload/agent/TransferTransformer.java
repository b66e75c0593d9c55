package dev.copyoffload.agent;

import dev.copyoffload.channel.ChannelOffload;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
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
 * <p>The class of the channels is not loaded when a JVM starts. Who needs it first gets it woven.
 * What was loaded before is transformed beside the application: streams on JDK 17, and on later
 * ones nothing, as a rule.
 */
final class TransferTransformer implements ClassFileTransformer {
  /** From 18 on the JDK's streams transfer between their channels themselves. */
  private static final boolean STREAMS_COPY_BYTES = Runtime.version().feature() < 18;

  private final boolean transfers = !"raw".equals(System.getProperty("copyoffload.channels"));
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
    // Stays: when somebody else transforms the class anew (the flight recorder does, on 17), the
    // JVM starts from the original.
    instrumentation.addTransformer(transformer, true);
    if (!transformer.transfers) {
      return;
    }
    // Behind that, so that the class is either found here or woven when it is loaded.
    Class<?> channel = loadedChannel(instrumentation);
    if (STREAMS_COPY_BYTES || channel != null) {
      new LateWeaving(transformer, instrumentation, channel, STREAMS_COPY_BYTES).start();
    }
  }

  /** What is woven when it is loaded, if that is too late: an earlier agent, or a recording. */
  private static @Nullable Class<?> loadedChannel(Instrumentation instrumentation) {
    for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
      // The first asks a field; the name of a thousand classes would be made for this.
      if (loaded.getSuperclass() == FileChannel.class
          && loaded.getName().equals("sun.nio.ch.FileChannelImpl")) {
        return loaded;
      }
    }
    return null;
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
      if (name.equals(SocketNameWeaver.SOCKETS)) {
        return SocketNameWeaver.weave(classFile);
      }
      byte[] woven = TransferWeaver.weave(name, classFile);
      if (woven != null) {
        defineHook();
      }
      return woven;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // An exception here would be swallowed by the JVM as well.
      return null;
    }
  }

  private boolean isWanted(String name) {
    return name.equals(SocketNameWeaver.SOCKETS)
        || (transfers
            && (name.equals(TransferWeaver.CHANNEL)
                || (STREAMS_COPY_BYTES && name.equals(TransferWeaver.STREAM))));
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
}
