package dev.copyoffload.weave.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Calls that transfer streams are announced with their streams, and do what they did. */
class AnnouncedTransferTest {
  private static final byte[] CONTENT = {1, 2, 3, 4, 5};

  @TempDir private Path temporary;

  /** Called in their place. */
  public static final class Hook {
    static final List<Object> announced = new ArrayList<>();

    private Hook() {}

    public static void begins(@Nullable Object in, @Nullable Object out) {
      announced.add(kind(in) + " " + kind(out));
    }

    public static void begins() {
      announced.add("handle");
    }

    private static String kind(@Nullable Object end) {
      return end instanceof InputStream
          ? "in"
          : end instanceof OutputStream ? "out" : end instanceof Path ? "path" : "" + end;
    }
  }

  /** Public for a class of another loader. */
  public interface Transfer {
    long run(InputStream source, OutputStream target) throws IOException;
  }

  /** What is woven. */
  static final class Calls {
    private final InputStream in;
    private final OutputStream out;
    private final Path path;
    private final boolean chosen;

    Calls(InputStream in, OutputStream out, Path path) {
      this.in = in;
      this.out = out;
      this.path = path;
      this.chosen = path != null;
    }

    /** A method of this name that transfers something else. */
    static long transferTo(OutputStream target) {
      return target == null ? 0 : 1;
    }

    long plain() throws IOException {
      return in.transferTo(out);
    }

    /** Both branches jump to the call. */
    long choice() throws IOException {
      return in.transferTo(chosen ? out : new ByteArrayOutputStream());
    }

    double aboveOthers() throws IOException {
      return 1L + 0.5 * (chosen ? 3L : 4L) + in.transferTo(chosen ? out : null);
    }

    long aboveWhatIsNotInitialised() throws IOException {
      return new AtomicLong(in.transferTo(chosen ? out : null)).get();
    }

    String handled() {
      String end = "";
      try {
        end += in.transferTo(out);
      } catch (IOException e) {
        end += e;
      } finally {
        end += "!";
      }
      return end;
    }

    long again() throws IOException {
      long sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += in.transferTo(out);
      }
      return sum;
    }

    long copyIn() throws IOException {
      return Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
    }

    long copyInWithoutOptions() throws IOException {
      return 7L + Files.copy(chosen ? in : null, path.resolveSibling("new"));
    }

    long copyOut() throws IOException {
      return Files.copy(path, out);
    }

    long handle() throws IOException {
      Transfer transfer = InputStream::transferTo;
      return transfer.run(in, out);
    }

    long otherHandle() throws IOException {
      Transfer transfer = (source, target) -> 8;
      return transfer.run(in, out);
    }

    @SuppressWarnings("NullAway")
    long nobody() throws IOException {
      InputStream nobody = null;
      return nobody.transferTo(out);
    }

    long others() throws IOException {
      return transferTo(out) + Files.size(Files.copy(path, path.resolveSibling("other")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain,in out",
    "choice,in out",
    "aboveOthers,in out",
    "aboveWhatIsNotInitialised,in out",
    "handled,in out",
    "again,in out;in out;in out",
    "copyIn,in null",
    "copyInWithoutOptions,in null",
    "copyOut,path out",
    "handle,handle",
    "otherHandle,",
    "nobody,null out",
    "others,"
  })
  void testCalls(String method, @Nullable String announced) throws Exception {
    byte[] woven = weave(bytes(Calls.class));
    assertNotNull(woven);
    String stock = run(Calls.class, method);
    Hook.announced.clear();
    assertEquals(stock, run(Woven.loadFirst(Calls.class.getName(), woven), method));
    assertEquals(
        announced == null ? List.of() : List.of(announced.split(";")), List.copyOf(Hook.announced));
  }

  /** What can be seen of a call. */
  private String run(Class<?> type, String method) throws Exception {
    Path path = Files.createTempFile(Files.createTempDirectory(temporary, "d"), "f", "");
    Files.write(path, new byte[] {9, 8});
    InputStream in = new ByteArrayInputStream(CONTENT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var constructor = type.getDeclaredConstructors()[0];
    constructor.setAccessible(true);
    Object calls = constructor.newInstance(in, out, path);
    String result;
    try {
      result = "" + Woven.method(type, method).invoke(calls);
    } catch (InvocationTargetException e) {
      Throwable thrown = Objects.requireNonNull(e.getCause());
      result = thrown + " in line " + thrown.getStackTrace()[0].getLineNumber();
    }
    return result
        + " "
        + List.of(Arrays.toString(out.toByteArray()), in.available(), Files.readString(path));
  }

  /** One that transfers in no other way. */
  static final class OnlyIn {
    private OnlyIn() {}

    static long copy(InputStream in, Path path) throws IOException {
      return Files.copy(in, path);
    }
  }

  /** The same. */
  static final class OnlyOut {
    private OnlyOut() {}

    static long copy(Path path, OutputStream out) throws IOException {
      return Files.copy(path, out);
    }
  }

  /** The same. */
  static final class OnlyTo {
    private OnlyTo() {}

    static long copy(InputStream in, OutputStream out) throws IOException {
      return in.transferTo(out);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {OnlyIn.class, OnlyOut.class, OnlyTo.class})
  void testEachCall_byItself(Class<?> type) throws Exception {
    byte[] woven = weave(bytes(type));
    // From 18 on what Files opens asks by itself.
    boolean expected = type != OnlyOut.class || Runtime.version().feature() < 18;
    assertEquals(expected, woven != null);
  }

  /** A class that transfers nothing is not touched. */
  @Test
  void testOtherClasses() throws Exception {
    assertNull(weave(bytes(Hook.class)));
  }

  /** Their targets are not moved. */
  @Test
  void testSubroutines() {
    byte[] classFile =
        transferring(
            Opcodes.V1_4,
            code -> {
              Label subroutine = new Label();
              code.visitJumpInsn(Opcodes.JSR, subroutine);
              code.visitInsn(Opcodes.LRETURN);
              code.visitLabel(subroutine);
              code.visitVarInsn(Opcodes.ASTORE, 2);
              code.visitVarInsn(Opcodes.RET, 2);
            });
    assertNull(weave(classFile));
  }

  /** A method of more than 8,000 bytes is never compiled. */
  @ParameterizedTest
  @CsvSource({"7996,true", "7997,false", "8000,false", "8001,true"})
  void testLongMethods(int size, boolean woven) {
    byte[] classFile =
        transferring(
            Opcodes.V17,
            code -> {
              for (int i = 6; i < size; i++) {
                code.visitInsn(Opcodes.NOP);
              }
              code.visitInsn(Opcodes.LRETURN);
            });
    assertEquals(woven, weave(classFile) != null);
  }

  /** A method that transfers, and then does something with the number on the stack. */
  private static byte[] transferring(int version, Consumer<MethodVisitor> rest) {
    ClassWriter out = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    out.visit(version, Opcodes.ACC_PUBLIC, "Transferring", null, "java/lang/Object", null);
    MethodVisitor code =
        out.visitMethod(
            Opcodes.ACC_STATIC,
            "copy",
            "(Ljava/io/InputStream;Ljava/io/OutputStream;)J",
            null,
            null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitVarInsn(Opcodes.ALOAD, 1);
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/io/InputStream",
        "transferTo",
        "(Ljava/io/OutputStream;)J",
        false);
    rest.accept(code);
    code.visitMaxs(0, 0);
    code.visitEnd();
    return out.toByteArray();
  }

  private static byte @Nullable [] weave(byte[] classFile) {
    return new LoopWeaver(Hook.class.getName().replace('.', '/')).weave(classFile);
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String name = type.getName();
    try (InputStream in =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return in.readAllBytes();
    }
  }
}
