package dev.copyoffload.channel;

import dev.copyoffload.linux.TrustedLookup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The file channels behind the JDK's streams.
 *
 * @param input what {@code Channels.newInputStream} returns
 * @param inputChannel gets the channel of one
 * @param output what {@code Channels.newOutputStream} returns
 * @param outputChannel gets the channel of one
 */
record StreamInternals(
    Class<?> input, MethodHandle inputChannel, Class<?> output, MethodHandle outputChannel) {

  private static final class Found {
    static final @Nullable StreamInternals INTERNALS = find();
  }

  /** The file channel that a stream reads, or null if it is not sure to read just that. */
  static @Nullable FileChannel channelOf(InputStream in) {
    if (in instanceof OffloadInputStream ours) {
      return channelOf(ours.delegate());
    }
    // A subclass may do anything with what it reads.
    if (in.getClass() == FileInputStream.class) {
      return ((FileInputStream) in).getChannel();
    }
    StreamInternals internals = TrustedLookup.isAtHand() ? Found.INTERNALS : null;
    return internals == null || in.getClass() != internals.input
        ? null
        : channelOf(internals.inputChannel, in);
  }

  /** The file channel that a stream writes, or null if it is not sure to write just that. */
  static @Nullable FileChannel channelOf(OutputStream out) {
    if (out.getClass() == FileOutputStream.class) {
      return ((FileOutputStream) out).getChannel();
    }
    StreamInternals internals = TrustedLookup.isAtHand() ? Found.INTERNALS : null;
    return internals == null || out.getClass() != internals.output
        ? null
        : channelOf(internals.outputChannel, out);
  }

  /**
   * Whether a stream is of one of the JDK's two classes that write files; also true while that of
   * the second is not known.
   */
  static boolean mayBeFile(OutputStream out) {
    Class<?> type = out.getClass();
    if (type == FileOutputStream.class) {
      return true;
    }
    if (type.getClassLoader() != null || !TrustedLookup.isAtHand()) {
      return type.getClassLoader() == null;
    }
    StreamInternals internals = Found.INTERNALS;
    return internals != null && type == internals.output;
  }

  private static @Nullable FileChannel channelOf(MethodHandle getter, Object stream) {
    return FileChannelInternals.get(getter, stream) instanceof FileChannel file ? file : null;
  }

  private static @Nullable StreamInternals find() {
    Class<?> input =
        Channels.newInputStream(Channels.newChannel(new ByteArrayInputStream(new byte[0])))
            .getClass();
    Class<?> output =
        Channels.newOutputStream(Channels.newChannel(new ByteArrayOutputStream())).getClass();
    try {
      MethodHandles.Lookup lookup = TrustedLookup.get();
      return new StreamInternals(input, channel(lookup, input), output, channel(lookup, output));
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      // Another JDK: its streams do as they did.
      return null;
    }
  }

  private static MethodHandle channel(MethodHandles.Lookup lookup, Class<?> stream)
      throws ReflectiveOperationException {
    for (Field field : stream.getDeclaredFields()) {
      if (java.nio.channels.Channel.class.isAssignableFrom(field.getType())) {
        return lookup
            .in(stream)
            .unreflectGetter(field)
            .asType(MethodType.methodType(Object.class, Object.class));
      }
    }
    throw new NoSuchFieldException("no channel in " + stream.getName());
  }
}
