package sun.nio.fs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.function.BiConsumer;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import sun.nio.ch.DirectBuffer;

/**
 * The system call and the memory that goes with it, and what only code of this package may ask the
 * JDK for.
 *
 * <p>In java.base, because what that loads natively needs no flag and prints no warning, and because
 * the JDK's own unsafe memory costs a few interpreted instructions where a buffer costs hundreds.
 */
public final class OffloadKernel implements BiConsumer<Module, byte[]> {
  /** For who has yet to be let in: a public type, and a field that native code can read. */
  private static final OffloadKernel ADMISSION = new OffloadKernel();

  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final long BYTES = baseOffset("ARRAY_BYTE_BASE_OFFSET");
  private static final long LONGS = baseOffset("ARRAY_LONG_BASE_OFFSET");

  private static final int O_CLOEXEC = 0x80000;
  private static final int CREATE_NEW =
      UnixConstants.O_WRONLY | UnixConstants.O_CREAT | UnixConstants.O_EXCL | O_CLOEXEC;

  /** NESTMATE_CLASS and HIDDEN_CLASS of java.lang.invoke.MethodHandleNatives. */
  private static final int HIDDEN_NESTMATE = 1 | 2;

  private static Module admitted;

  /** Where an array begins: by name, since the field is an int on JDK 17, and a long on 25. */
  private static long baseOffset(String name) {
    try {
      Field field = Unsafe.class.getDeclaredField(name);
      Object base = UNSAFE.staticFieldBase(field);
      long offset = UNSAFE.staticFieldOffset(field);
      return field.getType() == int.class
          ? UNSAFE.getInt(base, offset)
          : UNSAFE.getLong(base, offset);
    } catch (NoSuchFieldException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  private OffloadKernel() {}

  /** Does what {@link #admit} does. */
  @Override
  public void accept(Module us, byte[] exports) {
    admit(us, exports);
  }

  /**
   * Lets a module use the public classes of the packages that classes of ours are in.
   *
   * @param exports the class file of {@code java.lang.OffloadExports}
   */
  public static synchronized void admit(Module us, byte[] exports) {
    admitted = us;
    // What a lookup's defineHiddenClass does in the end: before that it reads the class file, for
    // which JDK 25 loads its library of class files.
    SharedSecrets.getJavaLangAccess()
        .defineClass(
            null,
            Module.class,
            "java/lang/OffloadExports",
            exports,
            null,
            true,
            HIDDEN_NESTMATE,
            null);
  }

  /** The module that is being let in. */
  public static Module admitted() {
    return admitted;
  }

  /**
   * A path as the kernel wants it: its bytes and a NUL, or null if it is not one of the JDK's.
   * Relative where the JDK itself hands relative paths to the kernel.
   */
  public static byte[] bytesOf(Path path) {
    if (!(path instanceof UnixPath own)) {
      return null;
    }
    byte[] bytes = own.getByteArrayForSysCalls();
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** The topmost directory as the kernel wants it. */
  public static byte[] root() {
    return bytesOf(path("/"));
  }

  /**
   * Begin and end of the JDK's {@code Blocker}, from 21 on. What one returns the other takes: a long
   * on 21, later a boolean.
   */
  public static MethodHandle[] blocker() throws ReflectiveOperationException {
    Class<?> type = Class.forName("jdk.internal.misc.Blocker");
    Class<?> token = type.getMethod("begin").getReturnType();
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    return new MethodHandle[] {
      lookup.findStatic(type, "begin", MethodType.methodType(token)),
      lookup.findStatic(type, "end", MethodType.methodType(void.class, token))
    };
  }

  /** The size of a regular file in bytes, and the number of its device; null of any other. */
  public static long[] sizeAndDevice(Path file, boolean follow) {
    try {
      UnixFileAttributes found =
          file instanceof UnixPath own ? UnixFileAttributes.get(own, follow) : null;
      return found != null && found.isRegularFile() ? new long[] {found.size(), found.dev()} : null;
    } catch (UnixException e) {
      return null;
    }
  }

  /** The JDK's provider with another one's copies, once its class has been defined. */
  public static FileSystemProvider extension(FileSystemProvider copier) {
    // By a method of its: this class is verified without that one.
    return OffloadLinuxFileSystemProvider.with(copier);
  }

  /** Defines a class of one of those packages. */
  public static void define(byte[] classFile) {
    UNSAFE.defineClass(null, classFile, 0, classFile.length, null, null);
  }

  /** Who owns a directory, times 2^32, and its mode; -1 if it cannot be asked. */
  public static long ownerAndMode(String directory) {
    try {
      UnixFileAttributes found = UnixFileAttributes.get(path(directory), true);
      return (long) found.uid() << Integer.SIZE | found.mode();
    } catch (UnixException | RuntimeException e) {
      return -1;
    }
  }

  /** Creates a file that nobody else may read or write, where there is none; whether it is whole. */
  public static boolean create(String name, byte[] content) {
    int number;
    try {
      number = UnixNativeDispatcher.open(path(name), CREATE_NEW, 0600);
    } catch (UnixException e) {
      return false;
    }
    boolean whole = write(number, content);
    if (!whole) {
      // A full disk: the next directory may do.
      delete(name);
    }
    return whole;
  }

  /** Writes everything and closes; not by a stream, whose classes a first copy would pay for. */
  private static boolean write(int descriptor, byte[] content) {
    long memory = allocate(content.length);
    try {
      put(memory, content, content.length);
      int done = 0;
      int written;
      try {
        do {
          written = UnixNativeDispatcher.write(descriptor, memory + done, content.length - done);
          done += written;
        } while (written > 0 && done < content.length);
      } finally {
        UnixNativeDispatcher.close(descriptor);
      }
      return done == content.length;
    } catch (UnixException e) {
      return false;
    } finally {
      free(memory);
    }
  }

  public static void delete(String name) {
    try {
      UnixNativeDispatcher.unlink(path(name));
    } catch (UnixException e) {
      // It is small, and of no use to anybody.
      return;
    }
  }

  private static UnixPath path(String name) {
    return (UnixPath) DefaultFileSystemProvider.theFileSystem().getPath(name);
  }

  /** Loads the shared object of {@link #syscall}. */
  @SuppressWarnings("restricted") // what JDK 24 and later call it
  public static void load(String file) {
    System.load(file);
  }

  /** Returns what the kernel returns: the result, or a negated errno. */
  public static native long syscall(
      long number, long a, long b, long c, long d, long e, long f);

  public static long allocate(int bytes) {
    return UNSAFE.allocateMemory(bytes);
  }

  public static void free(long address) {
    UNSAFE.freeMemory(address);
  }

  public static void put(long address, byte[] from, int length) {
    UNSAFE.copyMemory(from, BYTES, null, address, length);
  }

  public static void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }

  public static void get(long address, byte[] into, int length) {
    UNSAFE.copyMemory(null, address, into, BYTES, length);
  }

  public static void get(long address, long[] into) {
    UNSAFE.copyMemory(null, address, into, LONGS, (long) into.length * Long.BYTES);
  }

  /** Where a direct buffer begins, valid for as long as it is reachable. */
  public static long addressOf(ByteBuffer buffer) {
    return ((DirectBuffer) buffer).address();
  }
}
