package dev.copyoffload.weave.loops;

import java.util.ArrayList;
import java.util.List;

/** As much of a class file as it takes to find loops, without a library: most classes have none. */
final class ClassFile {
  /** What an instruction can call, as far as a copying loop is concerned. */
  enum Call {
    READ,
    READ_RANGE,
    WRITE,
    FLUSH,
    TRANSFER_TO,
    /** Of a stream into a file that Files opens. */
    COPY_IN,
    /** Of a file that Files opens into a stream. */
    COPY_OUT,
    OTHER;

    /** Whether the JDK transfers streams then. */
    boolean transfers() {
      return this == TRANSFER_TO || this == COPY_IN || this == COPY_OUT;
    }
  }

  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int METHOD_HANDLE = 15;

  /** By tag, with the tag; 0 for UTF8, which tells its own length, and for what no JVM knows. */
  private static final byte[] SIZES = {
    0, 0, 0, 5, 5, 9, 9, 3, 3, 5, 5, 5, 5, 0, 0, 4, 3, 5, 5, 3, 3
  };

  private static final int NAMES_READ = 1;
  private static final int NAMES_WRITE = 2;
  private static final int TAKES_AND_RETURNS = 4;
  private static final int TAKES_RANGE = 8;
  private static final int NAMES_INPUT = 16;
  private static final int NAMES_OUTPUT = 32;
  private static final int LOOPS = 63;
  private static final int TRANSFERS = 64;

  /** Whether what Files opens is of a class that is woven as it is loaded. */
  private static final boolean OPENED_STREAMS_ASK = Runtime.version().feature() >= 18;

  private static final String INPUT = "java/io/InputStream";
  private static final String FILE_INPUT = "java/io/FileInputStream";
  private static final String BUFFERED_INPUT = "java/io/BufferedInputStream";
  private static final String OUTPUT = "java/io/OutputStream";
  private static final String FILE_OUTPUT = "java/io/FileOutputStream";
  private static final String BUFFERED_OUTPUT = "java/io/BufferedOutputStream";
  private static final String NAME_OF_READ = "read";
  private static final String NAME_OF_WRITE = "write";
  private static final String READ = "([B)I";
  private static final String READ_RANGE = "([BII)I";
  private static final String WRITE = "([BII)V";
  private static final String TRANSFER_TO = "(Ljava/io/OutputStream;)J";
  private static final String COPY_OUT = "(Ljava/nio/file/Path;Ljava/io/OutputStream;)J";
  private static final String COPY_IN =
      "(Ljava/io/InputStream;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)J";

  /** The last characters of what {@link #meaning} knows, by length; each a bit, modulo 64. */
  private static final long[] LAST = new long[COPY_IN.length() + 1];

  static {
    know(NAME_OF_READ, NAME_OF_WRITE, READ, READ_RANGE, WRITE, TRANSFER_TO, COPY_OUT, COPY_IN);
    know(INPUT, FILE_INPUT, BUFFERED_INPUT, OUTPUT, FILE_OUTPUT, BUFFERED_OUTPUT);
  }

  private static void know(String... texts) {
    for (String text : texts) {
      LAST[text.length()] |= 1L << text.charAt(text.length() - 1);
    }
  }

  private final byte[] bytes;

  /** Where the constants are, each behind its tag. */
  private final int[] constants;

  private final int endOfConstants;
  private final int thisClass;
  private final int attributesAt;
  private final List<MethodCode> methods = new ArrayList<>();

  ClassFile(byte[] bytes) {
    this.bytes = bytes;
    constants = new int[u2(bytes, 8)];
    int at = 10;
    for (int i = 1; i < constants.length; i++) {
      constants[i] = at + 1;
      if (bytes[at] == 5 || bytes[at] == 6) {
        i++;
      }
      at += constantSize(bytes, at);
    }
    endOfConstants = at;
    thisClass = u2(bytes, at + 2);
    at += 8 + 2 * u2(bytes, at + 6);
    attributesAt = readMethods(skipFields(at));
  }

  /**
   * Whether the class calls what a copying loop calls, or transfers streams, as far as its names
   * tell.
   *
   * <p>Every class of a program is asked, so this only walks along the constants, and mostly in the
   * interpreter: no call but where a text has the length and the end of one that counts.
   */
  static boolean mayCopy(byte[] bytes) {
    int count = u2(bytes, 8);
    int at = 10;
    int found = 0;
    for (int i = 1; i < count; i++) {
      int tag = bytes[at];
      if (tag == UTF8) {
        int length = (bytes[at + 1] & 255) << 8 | (bytes[at + 2] & 255);
        at += 3 + length;
        if (length < LAST.length && (LAST[length] >> bytes[at - 1] & 1) != 0) {
          found |= meaning(bytes, at - length, length);
        }
      } else {
        int size = SIZES[tag];
        if (size > 5) {
          i++;
        }
        at += size;
      }
    }
    return found >= LOOPS;
  }

  private static int meaning(byte[] bytes, int at, int length) {
    return switch (length) {
      case 4 -> is(bytes, at, NAME_OF_READ) ? NAMES_READ : 0;
      case 5 ->
          is(bytes, at, NAME_OF_WRITE) ? NAMES_WRITE : is(bytes, at, READ) ? TAKES_AND_RETURNS : 0;
      case 7 ->
          is(bytes, at, WRITE) ? TAKES_RANGE : is(bytes, at, READ_RANGE) ? TAKES_AND_RETURNS : 0;
      case 25 -> is(bytes, at, TRANSFER_TO) ? TRANSFERS : 0;
      case 45 -> !OPENED_STREAMS_ASK && is(bytes, at, COPY_OUT) ? TRANSFERS : 0;
      case 71 -> is(bytes, at, COPY_IN) ? TRANSFERS : 0;
      case 19, 23, 27 -> isInput(bytes, at, length) ? NAMES_INPUT : 0;
      case 20, 24, 28 -> isOutput(bytes, at, length) ? NAMES_OUTPUT : 0;
      default -> 0;
    };
  }

  private static boolean isInput(byte[] bytes, int at, int length) {
    return switch (length) {
      case 19 -> is(bytes, at, INPUT);
      case 23 -> is(bytes, at, FILE_INPUT);
      case 27 -> is(bytes, at, BUFFERED_INPUT);
      default -> false;
    };
  }

  private static boolean isOutput(byte[] bytes, int at, int length) {
    return switch (length) {
      case 20 -> is(bytes, at, OUTPUT);
      case 24 -> is(bytes, at, FILE_OUTPUT);
      case 28 -> is(bytes, at, BUFFERED_OUTPUT);
      default -> false;
    };
  }

  /** Whether the text is there; that it has the length is known. */
  private static boolean is(byte[] bytes, int at, String text) {
    // From behind, where the names of one package differ.
    for (int i = text.length() - 1; i >= 0; i--) {
      if (bytes[at + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int constantSize(byte[] bytes, int at) {
    int size = bytes[at] == UTF8 ? 3 + u2(bytes, at + 1) : SIZES[bytes[at]];
    if (size == 0) {
      throw new IllegalArgumentException("unknown constant");
    }
    return size;
  }

  private int skipFields(int first) {
    int count = u2(bytes, first);
    int at = first + 2;
    for (int i = 0; i < count; i++) {
      int attributes = u2(bytes, at + 6);
      at += 8;
      for (int j = 0; j < attributes; j++) {
        at += 6 + s4(bytes, at + 2);
      }
    }
    return at;
  }

  /** Returns where they end. */
  private int readMethods(int first) {
    int count = u2(bytes, first);
    int at = first + 2;
    for (int i = 0; i < count; i++) {
      int name = u2(bytes, at + 2);
      int descriptor = u2(bytes, at + 4);
      boolean isStatic = (u2(bytes, at) & 8) != 0;
      int attributes = u2(bytes, at + 6);
      at += 8;
      for (int j = 0; j < attributes; j++) {
        if (text(u2(bytes, at), "Code")) {
          methods.add(new MethodCode(bytes, at + 6, name, descriptor, isStatic));
        }
        at += 6 + s4(bytes, at + 2);
      }
    }
    return at;
  }

  List<MethodCode> methods() {
    return methods;
  }

  int constantCount() {
    return constants.length;
  }

  int endOfConstants() {
    return endOfConstants;
  }

  /** What the instruction calls that refers to this constant. */
  Call call(int constant) {
    int at = constants[constant];
    if (bytes[at - 1] != 10) {
      return Call.OTHER;
    }
    int owner = constants[u2(bytes, constants[u2(bytes, at)])];
    int signature = constants[u2(bytes, at + 2)];
    int name = u2(bytes, signature);
    int descriptor = u2(bytes, signature + 2);
    int length = u2(bytes, owner);
    if (text(name, "transferTo")) {
      return text(descriptor, TRANSFER_TO) ? Call.TRANSFER_TO : Call.OTHER;
    }
    if (text(name, "copy")) {
      return text(descriptor, COPY_IN)
          ? Call.COPY_IN
          : text(descriptor, COPY_OUT) ? Call.COPY_OUT : Call.OTHER;
    }
    if (isInput(bytes, owner + 2, length)) {
      if (text(name, NAME_OF_READ)) {
        return text(descriptor, READ)
            ? Call.READ
            : text(descriptor, READ_RANGE) ? Call.READ_RANGE : Call.OTHER;
      }
    } else if (isOutput(bytes, owner + 2, length)) {
      if (text(name, NAME_OF_WRITE)) {
        return text(descriptor, WRITE) ? Call.WRITE : Call.OTHER;
      }
      if (text(name, "flush") && text(descriptor, "()V")) {
        return Call.FLUSH;
      }
    }
    return Call.OTHER;
  }

  /** Whether an instruction that makes an object of a method gets one that transfers streams. */
  boolean handsOutTransfer(int dynamic) {
    int at = attributesAt + 2;
    for (int i = u2(bytes, attributesAt); i > 0; i--) {
      if (text(u2(bytes, at), "BootstrapMethods")) {
        return handsOutTransfer(at + 8, u2(bytes, constants[dynamic]));
      }
      at += 6 + s4(bytes, at + 2);
    }
    return false;
  }

  private boolean handsOutTransfer(int firstBootstrap, int number) {
    int at = firstBootstrap;
    for (int i = number; i > 0; i--) {
      at += 4 + 2 * u2(bytes, at + 2);
    }
    for (int i = u2(bytes, at + 2); i > 0; i--) {
      at += 2;
      int argument = constants[u2(bytes, at + 2)];
      if (bytes[argument - 1] == METHOD_HANDLE && call(u2(bytes, argument + 1)).transfers()) {
        return true;
      }
    }
    return false;
  }

  /** Whether an int is meant, and no string or class. */
  boolean isInteger(int constant) {
    return bytes[constants[constant] - 1] == INTEGER;
  }

  int integer(int constant) {
    return s4(bytes, constants[constant]);
  }

  /** Whether a static method of this class returns a byte array that nobody else has. */
  boolean makesArray(int constant, int depth) {
    int at = constants[constant];
    if (bytes[at - 1] != 10 || u2(bytes, at) != thisClass || depth > 3) {
      return false;
    }
    int signature = constants[u2(bytes, at + 2)];
    for (MethodCode method : methods) {
      if (method.isStatic()
          && method.name() == u2(bytes, signature)
          && method.descriptor() == u2(bytes, signature + 2)) {
        return method.makesArray(this, depth);
      }
    }
    return false;
  }

  boolean text(int constant, String expected) {
    int at = constants[constant];
    return u2(bytes, at) == expected.length() && is(bytes, at + 2, expected);
  }

  static int u2(byte[] bytes, int at) {
    return (bytes[at] & 255) << 8 | (bytes[at + 1] & 255);
  }

  static int s4(byte[] bytes, int at) {
    return u2(bytes, at) << 16 | u2(bytes, at + 2);
  }
}
