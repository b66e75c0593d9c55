package dev.copyoffload.linux;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.lang.invoke.MethodHandles;
import java.util.Map;

/**
 * This JVM, by the Java Native Interface.
 *
 * <p>To native code every field of every class is open. This reads a single one, once: the lookup
 * that method handles of the JDK's own classes are made with.
 */
public final class JavaVm {
  private static final int JNI_VERSION_10 = 0x000a0000;
  private static final Map<String, ?> WITH_OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

  // Places in the tables of the JNI specification.
  private static final int GET_ENV = 6;
  private static final int GET_STATIC_FIELD_ID = 144;
  private static final int GET_STATIC_OBJECT_FIELD = 145;

  private JavaVm() {}

  /**
   * The lookup that may see everything.
   *
   * @throws UnsupportedOperationException if this JVM has none, or is not to be found
   * @throws LinkageError if the JVM's library does not tell
   */
  public static MethodHandles.Lookup trustedLookup() {
    Pointer vm = running();
    PointerByReference holder = new PointerByReference();
    check("GetEnv", function(vm, GET_ENV).invokeInt(new Object[] {vm, holder, JNI_VERSION_10}));
    Pointer env = holder.getValue();
    Class<?> type = MethodHandles.Lookup.class;
    Object[] name = {
      env, type, "IMPL_LOOKUP", "L" + MethodHandles.Lookup.class.getName().replace('.', '/') + ";"
    };
    Pointer field =
        (Pointer) function(env, GET_STATIC_FIELD_ID).invoke(Pointer.class, name, WITH_OBJECTS);
    if (field == null) {
      throw new UnsupportedOperationException("MethodHandles.Lookup has no IMPL_LOOKUP");
    }
    Object[] where = {env, type, field};
    Object lookup =
        function(env, GET_STATIC_OBJECT_FIELD).invoke(Object.class, where, WITH_OBJECTS);
    return (MethodHandles.Lookup) lookup;
  }

  private static Pointer running() {
    PointerByReference vm = new PointerByReference();
    IntByReference count = new IntByReference();
    Function created = NativeLibrary.getProcess().getFunction("JNI_GetCreatedJavaVMs");
    check("JNI_GetCreatedJavaVMs", created.invokeInt(new Object[] {vm, 1, count}));
    if (count.getValue() < 1) {
      throw new UnsupportedOperationException("JNI_GetCreatedJavaVMs finds no JVM");
    }
    return vm.getValue();
  }

  private static Function function(Pointer object, int index) {
    return Function.getFunction(
        object.getPointer(0).getPointer((long) index * Native.POINTER_SIZE));
  }

  private static void check(String call, int result) {
    if (result != 0) {
      throw new UnsupportedOperationException(call + " returned " + result);
    }
  }
}
