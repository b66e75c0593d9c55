import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Marks the agent's {@code premain} as one with a variable number of arguments, which no compiler
 * does for a method whose last parameter is no array.
 *
 * <p>From JDK 18 on, {@code Method.invoke} calls by a method handle, which spins classes and takes
 * a new JVM 9 ms; but for a few methods of which there can be no handle, this kind among them, where
 * it calls as before. To a JVM the mark means nothing.
 *
 * <pre>
 * java MarkPremain.java CLASS-FILE
 * </pre>
 */
final class MarkPremain {
  private MarkPremain() {}

  public static void main(String... args) throws IOException {
    if (args.length != 1) {
      throw new IllegalArgumentException("usage: MarkPremain CLASS-FILE");
    }
    Path file = Path.of(args[0]);
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(Files.readAllBytes(file))
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                int mark = name.equals("premain") ? Opcodes.ACC_VARARGS : 0;
                return super.visitMethod(access | mark, name, descriptor, signature, exceptions);
              }
            },
            0);
    Files.write(file, writer.toByteArray());
  }
}
