package dev.copyoffload.channel;

import dev.copyoffload.linux.TrustedLookup;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes channels of the class {@code sun.nio.ch.OffloadFileChannel} out of the JDK's own. */
final class OffloadingChannels {
  private static final class Defined {
    static final @Nullable MethodHandle CONSTRUCTOR = define();
  }

  private OffloadingChannels() {}

  /**
   * A channel like the given one, over the same open file, whose transfers are offered; or the
   * given one, where that cannot be. To close either closes both.
   */
  static FileChannel of(FileChannel raw, FileChannelInternals internals) {
    MethodHandle constructor = Defined.CONSTRUCTOR;
    if (constructor == null || raw.getClass() != internals.type() || internals.isDirect(raw)) {
      return raw;
    }
    try {
      return (FileChannel)
          constructor.invokeExact(
              internals.descriptor(raw),
              internals.path(raw),
              internals.isReadable(raw),
              internals.isWritable(raw),
              (Object) raw);
    } catch (Throwable e) {
      throw FileChannelInternals.unexpected(e);
    }
  }

  private static @Nullable MethodHandle define() {
    try {
      return define(MethodHandles.lookup(), TrustedLookup.get());
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      // Another JDK: its channels do as they did.
      return null;
    }
  }

  private static MethodHandle define(MethodHandles.Lookup own, MethodHandles.Lookup trusted)
      throws ReflectiveOperationException {
    MethodType transferTo =
        MethodType.methodType(
            long.class,
            FileChannel.class,
            String.class,
            long.class,
            long.class,
            WritableByteChannel.class);
    MethodType transferFrom =
        MethodType.methodType(
            long.class,
            FileChannel.class,
            String.class,
            ReadableByteChannel.class,
            long.class,
            long.class);
    Class<?> superclass = Class.forName("sun.nio.ch.FileChannelImpl");
    // Initialised now, so that what does not fit this JDK is found out now.
    Class<?> type =
        trusted
            .in(superclass)
            .defineHiddenClassWithClassData(
                OffloadFileChannelBytes.get(),
                List.of(
                    hook(own, "transferTo", transferTo), hook(own, "transferFrom", transferFrom)),
                true,
                MethodHandles.Lookup.ClassOption.NESTMATE)
            .lookupClass();
    return trusted
        .findConstructor(
            type,
            MethodType.methodType(
                void.class,
                FileDescriptor.class,
                String.class,
                boolean.class,
                boolean.class,
                Object.class))
        .asType(
            MethodType.methodType(
                FileChannel.class,
                FileDescriptor.class,
                String.class,
                boolean.class,
                boolean.class,
                Object.class));
  }

  /** Without the name, which is of use only until native code is loaded. */
  private static MethodHandle hook(MethodHandles.Lookup own, String name, MethodType type)
      throws ReflectiveOperationException {
    MethodHandle method = own.findStatic(ChannelOffload.class, name, type);
    return MethodHandles.insertArguments(method, 1, (Object) null);
  }
}
