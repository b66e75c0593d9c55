package dev.copyoffload.agent;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Puts a call to {@code sun.nio.ch.TransferHook} in front of methods of the JDK, which return what
 * it returns unless that is less than 0.
 *
 * <p>The rest of the class stays as it is, byte for byte.
 */
final class TransferWeaver {
  static final String CHANNEL = "sun/nio/ch/FileChannelImpl";
  static final String STREAM = "java/io/InputStream";

  private static final String HOOK = "sun/nio/ch/TransferHook";
  private static final String ANY_CHANNEL = "Ljava/nio/channels/FileChannel;";
  private static final String NAME = "Ljava/lang/String;";

  /** What must be there for the hook to be safe, or the class is another one than we know. */
  private static final Set<String> CHANNEL_FIELDS =
      Set.of(
          "fd:Ljava/io/FileDescriptor;",
          "path:" + NAME,
          "readable:Z",
          "writable:Z",
          "direct:Z",
          "uninterruptible:Z",
          "positionLock:Ljava/lang/Object;",
          "threads:Lsun/nio/ch/NativeThreadSet;");

  /**
   * One method that asks the hook first.
   *
   * @param hook the descriptor of the hook's method of that name
   * @param passesName whether the hook gets the channel's name behind the channel
   */
  private record Join(String name, String descriptor, String hook, boolean passesName) {}

  private static final List<Join> CHANNEL_JOINS =
      List.of(
          new Join(
              "transferTo",
              "(JJLjava/nio/channels/WritableByteChannel;)J",
              "(" + ANY_CHANNEL + NAME + "JJLjava/nio/channels/WritableByteChannel;)J",
              true),
          new Join(
              "transferFrom",
              "(Ljava/nio/channels/ReadableByteChannel;JJ)J",
              "(" + ANY_CHANNEL + NAME + "Ljava/nio/channels/ReadableByteChannel;JJ)J",
              true));

  private static final List<Join> STREAM_JOINS =
      List.of(
          new Join(
              "transferTo",
              "(Ljava/io/OutputStream;)J",
              "(Ljava/io/InputStream;Ljava/io/OutputStream;)J",
              false));

  private TransferWeaver() {}

  /** The class file with the calls, or null if it is not the one that we know. */
  static byte @Nullable [] weave(String internalName, byte[] classFile) {
    boolean channel = internalName.equals(CHANNEL);
    List<Join> joins = channel ? CHANNEL_JOINS : STREAM_JOINS;
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    Weaving weaving = new Weaving(writer, internalName, joins);
    reader.accept(weaving, 0);
    boolean known =
        weaving.woven == joins.size() && (!channel || weaving.fields.containsAll(CHANNEL_FIELDS));
    return known ? writer.toByteArray() : null;
  }

  private static final class Weaving extends ClassVisitor {
    private final String owner;
    private final List<Join> joins;
    private final Set<String> fields = new HashSet<>();
    private int woven;

    Weaving(ClassWriter writer, String owner, List<Join> joins) {
      super(Opcodes.ASM9, writer);
      this.owner = owner;
      this.joins = joins;
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      fields.add(name + ":" + descriptor);
      return super.visitField(access, name, descriptor, signature, value);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
      for (Join join : joins) {
        if (join.name.equals(name) && join.descriptor.equals(descriptor)) {
          woven++;
          return new Asking(method, owner, join);
        }
      }
      return method;
    }
  }

  private static final class Asking extends MethodVisitor {
    private final String owner;
    private final Join join;

    Asking(MethodVisitor method, String owner, Join join) {
      super(Opcodes.ASM9, method);
      this.owner = owner;
      this.join = join;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      super.visitVarInsn(Opcodes.ALOAD, 0);
      if (join.passesName) {
        super.visitVarInsn(Opcodes.ALOAD, 0);
        super.visitFieldInsn(Opcodes.GETFIELD, owner, "path", NAME);
      }
      int local = 1;
      for (Type argument : Type.getArgumentTypes(join.descriptor)) {
        super.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
        local += argument.getSize();
      }
      super.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, join.name, join.hook, false);
      super.visitInsn(Opcodes.DUP2);
      super.visitInsn(Opcodes.LCONST_0);
      super.visitInsn(Opcodes.LCMP);
      Label declined = new Label();
      super.visitJumpInsn(Opcodes.IFLT, declined);
      super.visitInsn(Opcodes.LRETURN);
      super.visitLabel(declined);
      super.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {Opcodes.LONG});
      super.visitInsn(Opcodes.POP2);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      // What is passed, or the result twice and a 0 beside it.
      int passed = Type.getArgumentsAndReturnSizes(join.hook) >> 2;
      super.visitMaxs(Math.max(stack, Math.max(passed, 6)), locals);
    }
  }
}
