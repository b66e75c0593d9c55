package dev.copyoffload.agent.loops;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Puts a call in front of loops that copy one stream into another.
 *
 * <p>The call is {@code static long transfer(InputStream in, OutputStream out, byte[] buffer, int
 * length, boolean keeps, Object absent)}. It may do a number of rounds of the loop, and returns how
 * many bytes that were: 0 or more. A round reads up to {@code length} bytes to the beginning of the
 * buffer, and writes what it read. Without {@code length}, it reads as many as the buffer holds.
 * Where the rounds end the loop goes on by itself. The call
 *
 * <ul>
 *   <li>throws nothing, and does no round that would throw or read nothing;
 *   <li>does nothing if {@code absent} is not null, or if the rest does not fit together: that a
 *       buffer is null or too short, the loop finds out by itself;
 *   <li>leaves in the buffer what the last rounds would, if {@code keeps} says that somebody may
 *       look at it.
 * </ul>
 */
public final class LoopWeaver {
  private static final String TRANSFER = "transfer";
  private static final String ENDS = "(Ljava/io/InputStream;Ljava/io/OutputStream;[B";
  private static final String REST = "ZLjava/lang/Object;)J";
  private static final int ARGUMENTS = 6;

  private final String hook;

  /**
   * @param hook the internal name of the class to call, which each class must be able to see
   */
  public LoopWeaver(String hook) {
    this.hook = hook;
  }

  /** The class file with the calls, or null if there is no loop that is known to copy. */
  public byte @Nullable [] weave(byte[] classFile) {
    try {
      if (!ClassFile.mayCopy(classFile)) {
        return null;
      }
      ClassFile file = new ClassFile(classFile);
      Map<Integer, List<Loop>> found = new HashMap<>();
      for (MethodCode code : file.methods()) {
        List<Loop> loops = Loop.find(file, code);
        if (!loops.isEmpty()) {
          found.put(code.ordinal(), loops);
        }
      }
      return found.isEmpty() ? null : new Weaving(classFile, found).weave();
    } catch (RuntimeException e) {
      // No class file, one of a JVM to come, or too large with the calls.
      return null;
    }
  }

  /** Tells where each instruction is. */
  private final class Weaving extends ClassReader {
    private final Map<Integer, List<Loop>> found;
    private @Nullable Asking current;
    private int methods;

    Weaving(byte[] classFile, Map<Integer, List<Loop>> found) {
      super(classFile);
      this.found = found;
    }

    byte[] weave() {
      ClassWriter writer = new ClassWriter(this, 0);
      accept(
          new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
              MethodVisitor method =
                  super.visitMethod(access, name, descriptor, signature, exceptions);
              List<Loop> loops = found.get(methods++);
              current = loops == null ? null : new Asking(method, loops);
              return current == null ? method : current;
            }
          },
          0);
      return writer.toByteArray();
    }

    @Override
    protected void readBytecodeInstructionOffset(int bytecodeOffset) {
      if (current != null) {
        current.comeTo(bytecodeOffset);
      }
    }
  }

  private final class Asking extends MethodVisitor {
    private final List<Loop> loops;
    private int at;

    Asking(MethodVisitor method, List<Loop> loops) {
      super(Opcodes.ASM9, method);
      this.loops = loops;
    }

    /** Before the label of the instruction, if it has one. */
    void comeTo(int offset) {
      at = offset;
      ask(true);
    }

    @Override
    public void visitVarInsn(int opcode, int local) {
      ask(false);
      super.visitVarInsn(opcode, local);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      ask(false);
      super.visitJumpInsn(opcode, label);
    }

    private void ask(boolean isFall) {
      for (Loop loop : loops) {
        if (loop.entries().contains(new Loop.Entry(at, isFall))) {
          ask(loop);
        }
      }
    }

    private void ask(Loop loop) {
      Round round = loop.round();
      super.visitVarInsn(Opcodes.ALOAD, round.input());
      super.visitVarInsn(Opcodes.ALOAD, round.output());
      super.visitVarInsn(Opcodes.ALOAD, round.buffer());
      String length = "I";
      switch (round.askedKind()) {
        case Round.INT -> super.visitVarInsn(Opcodes.ILOAD, round.asked());
        case Round.CONSTANT -> pushConstant(round.asked());
        default -> length = "";
      }
      super.visitInsn(loop.keepsBuffer() ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
      if (round.absent() == Round.NONE) {
        super.visitInsn(Opcodes.ACONST_NULL);
      } else {
        super.visitVarInsn(Opcodes.ALOAD, round.absent());
      }
      super.visitMethodInsn(Opcodes.INVOKESTATIC, hook, TRANSFER, ENDS + length + REST, false);
      addTo(round);
    }

    private void pushConstant(int constant) {
      if (constant == (short) constant) {
        super.visitIntInsn(Opcodes.SIPUSH, constant);
      } else {
        super.visitLdcInsn(constant);
      }
    }

    /** Adds what is on the stack to each local that counts. */
    private void addTo(Round round) {
      int[] longs = round.counts(true).stream().toArray();
      int[] ints = round.counts(false).stream().toArray();
      for (int local : longs) {
        super.visitInsn(Opcodes.DUP2);
        super.visitVarInsn(Opcodes.LLOAD, local);
        super.visitInsn(Opcodes.LADD);
        super.visitVarInsn(Opcodes.LSTORE, local);
      }
      for (int local : ints) {
        super.visitInsn(Opcodes.DUP2);
        super.visitInsn(Opcodes.L2I);
        super.visitVarInsn(Opcodes.ILOAD, local);
        super.visitInsn(Opcodes.IADD);
        super.visitVarInsn(Opcodes.ISTORE, local);
      }
      super.visitInsn(Opcodes.POP2);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      super.visitMaxs(stack + ARGUMENTS, locals);
    }
  }
}
