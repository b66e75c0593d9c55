package dev.copyoffload.weave.loops;

/** The instructions that matter here; see chapter 6 of the JVM specification. */
final class Opcodes {
  static final int NOP = 0;
  static final int ACONST_NULL = 1;
  static final int ICONST_M1 = 2;
  static final int ICONST_0 = 3;
  static final int ICONST_1 = 4;
  static final int ICONST_2 = 5;
  static final int ICONST_3 = 6;
  static final int ICONST_4 = 7;
  static final int ICONST_5 = 8;
  static final int BIPUSH = 16;
  static final int SIPUSH = 17;
  static final int LDC = 18;
  static final int LDC_W = 19;
  static final int ILOAD = 21;
  static final int LLOAD = 22;
  static final int FLOAD = 23;
  static final int DLOAD = 24;
  static final int ALOAD = 25;
  static final int ISTORE = 54;
  static final int LSTORE = 55;
  static final int FSTORE = 56;
  static final int DSTORE = 57;
  static final int ASTORE = 58;
  static final int POP = 87;
  static final int POP2 = 88;
  static final int DUP = 89;
  static final int DUP_X2 = 91;
  static final int DUP2 = 92;
  static final int DUP2_X1 = 93;
  static final int IADD = 96;
  static final int LADD = 97;
  static final int IINC = 132;
  static final int I2L = 133;
  static final int L2I = 136;
  static final int IFEQ = 153;
  static final int IF_ICMPEQ = 159;
  static final int IF_ACMPEQ = 165;
  static final int IF_ACMPNE = 166;
  static final int GOTO = 167;
  static final int JSR = 168;
  static final int RET = 169;
  static final int TABLESWITCH = 170;
  static final int LOOKUPSWITCH = 171;
  static final int IRETURN = 172;
  static final int ARETURN = 176;
  static final int RETURN = 177;
  static final int INVOKEVIRTUAL = 182;
  static final int INVOKESTATIC = 184;
  static final int INVOKEDYNAMIC = 186;
  static final int NEWARRAY = 188;
  static final int ARRAYLENGTH = 190;
  static final int ATHROW = 191;
  static final int WIDE = 196;
  static final int IFNULL = 198;
  static final int IFNONNULL = 199;
  static final int GOTO_W = 200;
  static final int JSR_W = 201;

  /** The operand of {@link #NEWARRAY} that stands for bytes. */
  static final int T_BYTE = 8;

  private Opcodes() {}
}
