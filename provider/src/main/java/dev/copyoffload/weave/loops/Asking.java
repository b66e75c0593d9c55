package dev.copyoffload.weave.loops;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instructions that ask before a loop whether its bytes can be moved at once, and that announce
 * a call which transfers streams.
 */
final class Asking {
  /** How deep they make the stack. */
  static final int STACK = 6;

  private static final String WITH_LENGTH =
      "(Ljava/io/InputStream;Ljava/io/OutputStream;[BIZLjava/lang/Object;)J";
  private static final String WITHOUT =
      "(Ljava/io/InputStream;Ljava/io/OutputStream;[BZLjava/lang/Object;)J";
  private static final String WITH_STREAMS = "(Ljava/lang/Object;Ljava/lang/Object;)V";

  private static final int[] NOTHING = {};
  private static final int[] TAKE_BOTH = {Opcodes.DUP2};

  /** The third from the top of the stack, and null. */
  private static final int[] TAKE_THIRD = {
    Opcodes.DUP2_X1, Opcodes.POP2, Opcodes.DUP, Opcodes.ACONST_NULL
  };

  private static final int[] PUT_THIRD = {Opcodes.DUP_X2, Opcodes.POP};

  private final Constants constants;
  private final String hook;

  /** The constants of its methods that are called, by name and descriptor. */
  private final Map<String, Integer> called = new HashMap<>();

  Asking(Constants constants, String hook) {
    this.constants = constants;
    this.hook = hook;
  }

  byte[] before(Loop loop) {
    Round round = loop.round();
    Output code = new Output(64);
    local(code, Opcodes.ALOAD, round.input());
    local(code, Opcodes.ALOAD, round.output());
    local(code, Opcodes.ALOAD, round.buffer());
    switch (round.askedKind()) {
      case Round.INT -> local(code, Opcodes.ILOAD, round.asked());
      case Round.CONSTANT -> constant(code, round.asked());
      default -> {}
    }
    code.u1(loop.keepsBuffer() ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
    if (round.absent() == Round.NONE) {
      code.u1(Opcodes.ACONST_NULL);
    } else {
      local(code, Opcodes.ALOAD, round.absent());
    }
    code.u1(Opcodes.INVOKESTATIC);
    code.u2(hook("transfer", round.askedKind() == Round.LENGTH ? WITHOUT : WITH_LENGTH));
    addTo(code, round);
    return code.toByteArray();
  }

  /** What comes before an instruction, if it has the JDK transfer streams; else null. */
  byte @Nullable [] before(ClassFile file, MethodCode code, int at) {
    int opcode = code.opcode(at);
    if (opcode == Opcodes.INVOKEDYNAMIC) {
      return file.handsOutTransfer(code.u2(at + 1))
          ? announcing(hook("begins", "()V"), NOTHING, NOTHING)
          : null;
    }
    if (opcode != Opcodes.INVOKEVIRTUAL && opcode != Opcodes.INVOKESTATIC) {
      return null;
    }
    ClassFile.Call call = file.call(code.u2(at + 1));
    if (call == ClassFile.Call.COPY_IN) {
      return announcing(hook("begins", WITH_STREAMS), TAKE_THIRD, PUT_THIRD);
    }
    return call == ClassFile.Call.COPY_OUT
            || (call == ClassFile.Call.TRANSFER_TO && opcode == Opcodes.INVOKEVIRTUAL)
        ? announcing(hook("begins", WITH_STREAMS), TAKE_BOTH, NOTHING)
        : null;
  }

  private static byte[] announcing(int begins, int[] before, int[] after) {
    Output code = new Output(16);
    for (int opcode : before) {
      code.u1(opcode);
    }
    code.u1(Opcodes.INVOKESTATIC);
    code.u2(begins);
    for (int opcode : after) {
      code.u1(opcode);
    }
    return code.toByteArray();
  }

  private int hook(String name, String descriptor) {
    String key = name.concat(descriptor);
    Integer known = called.get(key);
    if (known == null) {
      known = constants.method(hook, name, descriptor);
      called.put(key, known);
    }
    return known;
  }

  /** Adds what is on the stack to each local that counts. */
  private static void addTo(Output code, Round round) {
    for (int local : round.counts(true).stream().toArray()) {
      code.u1(Opcodes.DUP2);
      local(code, Opcodes.LLOAD, local);
      code.u1(Opcodes.LADD);
      local(code, Opcodes.LSTORE, local);
    }
    for (int local : round.counts(false).stream().toArray()) {
      code.u1(Opcodes.DUP2);
      code.u1(Opcodes.L2I);
      local(code, Opcodes.ILOAD, local);
      code.u1(Opcodes.IADD);
      local(code, Opcodes.ISTORE, local);
    }
    code.u1(Opcodes.POP2);
  }

  private void constant(Output code, int value) {
    if (value == (short) value) {
      code.u1(Opcodes.SIPUSH);
      code.u1(value >> 8);
      code.u1(value);
    } else {
      code.u1(Opcodes.LDC_W);
      code.u2(constants.integer(value));
    }
  }

  private static void local(Output code, int opcode, int local) {
    if (local > 255) {
      code.u1(Opcodes.WIDE);
      code.u1(opcode);
      code.u2(local);
    } else {
      code.u1(opcode);
      code.u1(local);
    }
  }
}
