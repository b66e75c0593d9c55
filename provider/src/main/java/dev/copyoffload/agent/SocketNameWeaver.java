package dev.copyoffload.agent;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Lets a Unix-domain server socket choose its own name under a default provider of ours.
 *
 * <p>JDKs that ask whether a path is of the default provider compare with the object that the
 * platform made. Here they compare with the one that is the default.
 */
final class SocketNameWeaver {
  static final String SOCKETS = "sun/nio/ch/UnixDomainSockets";

  private static final String METHOD = "generateTempName";
  private static final String PLATFORM = "sun/nio/fs/DefaultFileSystemProvider";

  private SocketNameWeaver() {}

  /** The class file that compares with the default provider, or null if it compares with none. */
  static byte @Nullable [] weave(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    Weaving weaving = new Weaving(writer);
    reader.accept(weaving, 0);
    return weaving.woven == 1 ? writer.toByteArray() : null;
  }

  private static final class Weaving extends ClassVisitor {
    private int woven;

    Weaving(ClassWriter writer) {
      super(Opcodes.ASM9, writer);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
      return name.equals(METHOD) ? new Comparing(method) : method;
    }

    private final class Comparing extends MethodVisitor {
      Comparing(@Nullable MethodVisitor method) {
        super(Opcodes.ASM9, method);
      }

      @Override
      public void visitMethodInsn(
          int opcode, String owner, String name, String descriptor, boolean isInterface) {
        if (!owner.equals(PLATFORM) || !name.equals("instance")) {
          super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
          return;
        }
        woven++;
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            "java/nio/file/FileSystems",
            "getDefault",
            "()Ljava/nio/file/FileSystem;",
            false);
        super.visitMethodInsn(
            Opcodes.INVOKEVIRTUAL,
            "java/nio/file/FileSystem",
            "provider",
            "()Ljava/nio/file/spi/FileSystemProvider;",
            false);
      }
    }
  }
}
