package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The code of the stubs that no JVM runs here, run by QEMU where that is installed: in a program
 * without a library, which calls their functions as a JVM would.
 */
class StubCodeTest {
  private static final String SYSCALL = "Java_sun_nio_fs_OffloadKernel_syscall";
  private static final String FIELD_ID = "Java_dev_copyoffload_linux_TrustedLookup_fieldId";
  private static final String VALUE = "Java_dev_copyoffload_linux_TrustedLookup_valueOf";

  /**
   * Where the program is in memory: the whole file, behind an offset that every page size divides.
   */
  private static final int BASE = 0x200000;

  private static final int HEADERS = 64 + 56;

  /** The JNI environment begins with a pointer to its functions. */
  private static final int ENVIRONMENT = 4096;

  private static final int FUNCTIONS = ENVIRONMENT + 8;
  private static final int FROM_REFLECTED_FIELD = 8;
  private static final int GET_STATIC_OBJECT_FIELD = 145;
  private static final int END = FUNCTIONS + 8 * (GET_STATIC_OBJECT_FIELD + 1);

  /** An offset that every page size divides. */
  private static final int AT = 65_536;

  private static final String TEXT = "six\n";
  private static final int DESCRIPTOR = 7;
  private static final int EBADF = 9;
  private static final int STATUS = TEXT.length() - EBADF + 20 + 40 + 100;

  // In the generic table of system calls.
  private static final int CLOSE = 57;
  private static final int WRITE = 64;
  private static final int EXIT_GROUP = 94;
  private static final int MMAP = 222;

  @TempDir private Path temporary;

  /** Each with the few instructions that a caller needs. */
  private enum Machine {
    AARCH64(183, 19, 9, 0xd65f03c0, 0xd503201f, 0xd10043ff) {
      @Override
      int argument(int index) {
        return index;
      }

      @Override
      int[] load(int register, int value) {
        return new int[] {
          0xd2800000 | (value & 0xffff) << 5 | register, 0xf2a00000 | (value >>> 16) << 5 | register
        };
      }

      @Override
      int add(int to, int one, int other) {
        return 0x8b000000 | other << 16 | one << 5 | to;
      }

      @Override
      int move(int to, int from) {
        return 0xaa0003e0 | from << 16 | to;
      }

      @Override
      int push(int register) {
        return 0xf90003e0 | register;
      }

      @Override
      int call(int distance) {
        return 0x94000000 | (distance >> 2 & 0x3ffffff);
      }
    },
    RISCV64(243, 9, 5, 0x00008067, 0x00000013, 0xff010113) {
      @Override
      int argument(int index) {
        return 10 + index;
      }

      @Override
      int[] load(int register, int value) {
        int upper = (value + 0x800) >>> 12;
        int lower = value - (upper << 12);
        return new int[] {
          upper << 12 | register << 7 | 0x37, lower << 20 | register << 15 | register << 7 | 0x13
        };
      }

      @Override
      int add(int to, int one, int other) {
        return other << 20 | one << 15 | to << 7 | 0x33;
      }

      @Override
      int move(int to, int from) {
        return from << 15 | to << 7 | 0x13;
      }

      @Override
      int push(int register) {
        return register << 20 | 2 << 15 | 3 << 12 | 0x23;
      }

      @Override
      int call(int distance) {
        return (distance >> 20 & 1) << 31
            | (distance >> 1 & 0x3ff) << 21
            | (distance >> 11 & 1) << 20
            | (distance >> 12 & 0xff) << 12
            | 1 << 7
            | 0x6f;
      }
    },
    LOONGARCH64(258, 23, 12, 0x4c000020, 0x03400000, 0x02ffc063) {
      @Override
      int argument(int index) {
        return 4 + index;
      }

      @Override
      int[] load(int register, int value) {
        return new int[] {
          0x14000000 | (value >>> 12) << 5 | register,
          0x03800000 | (value & 0xfff) << 10 | register << 5 | register
        };
      }

      @Override
      int add(int to, int one, int other) {
        return 0x00108000 | other << 10 | one << 5 | to;
      }

      @Override
      int move(int to, int from) {
        return 0x00150000 | from << 5 | to;
      }

      @Override
      int push(int register) {
        return 0x29c00000 | 3 << 5 | register;
      }

      @Override
      int call(int distance) {
        return 0x54000000 | (distance >> 2 & 0xffff) << 10 | (distance >> 18 & 0x3ff);
      }
    },
    PPC64LE(21, 14, 11, 0x4e800020, 0x60000000, 0x3821ff90) {
      @Override
      int flags() {
        return 2;
      }

      @Override
      int number(int generic) {
        return switch (generic) {
          case CLOSE -> 6;
          case WRITE -> 4;
          case EXIT_GROUP -> 234;
          case MMAP -> 90;
          default -> throw new IllegalArgumentException();
        };
      }

      @Override
      int argument(int index) {
        return 3 + index;
      }

      @Override
      int[] load(int register, int value) {
        return new int[] {
          0x3c000000 | register << 21 | value >>> 16,
          0x60000000 | register << 21 | register << 16 | (value & 0xffff)
        };
      }

      @Override
      int add(int to, int one, int other) {
        return 0x7c000214 | to << 21 | one << 16 | other << 11;
      }

      @Override
      int move(int to, int from) {
        return 0x7c000378 | from << 21 | to << 16 | from << 11;
      }

      /** Behind the header of a frame and room for eight registers. */
      @Override
      int push(int register) {
        return 0xf8010060 | register << 21;
      }

      @Override
      int call(int distance) {
        return 0x48000001 | (distance & 0x3fffffc);
      }
    };

    final int elf;

    /** A register that functions leave as it is. */
    final int kept;

    final int scratch;
    final int ret;
    final int nop;

    /** Takes what {@link #push} needs of the stack. */
    final int enter;

    Machine(int elf, int kept, int scratch, int ret, int nop, int enter) {
      this.elf = elf;
      this.kept = kept;
      this.scratch = scratch;
      this.ret = ret;
      this.nop = nop;
      this.enter = enter;
    }

    /** e_flags of ELF. */
    int flags() {
      return 0;
    }

    /** That of a system call, from its number in the generic table. */
    int number(int generic) {
      return generic;
    }

    /** The register of an argument; that of the first also has the result. */
    abstract int argument(int index);

    abstract int[] load(int register, int value);

    abstract int add(int to, int one, int other);

    abstract int move(int to, int from);

    /** Stores a register where the stack ends. */
    abstract int push(int register);

    abstract int call(int distance);

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Functions of a stub, and a program that calls them. */
  private static final class Program {
    private final Machine machine;
    private final ByteBuffer file = ByteBuffer.allocate(END).order(ByteOrder.LITTLE_ENDIAN);

    private Program(Machine machine, byte[] syscall, byte[] fieldId, byte[] valueOf) {
      this.machine = machine;
      file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
      file.putShort((short) 2).putShort((short) machine.elf).putInt(1);
      int syscallAt = HEADERS;
      int fieldIdAt = syscallAt + syscall.length;
      int valueOfAt = fieldIdAt + fieldId.length;
      int firstAt = valueOfAt + valueOf.length;
      // Two functions of the environment: one answers its argument, the other the sum of two.
      int sumAt = firstAt + 8;
      int start = sumAt + 8;
      file.putLong(BASE + start).putLong(64).putLong(0).putInt(machine.flags());
      file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
      file.position(64);
      // All of it, to be read and executed.
      file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
      file.putLong(END).putLong(END).putLong(65_536);
      file.put(syscall).put(fieldId).put(valueOf);
      int first = machine.argument(0);
      emit(machine.move(first, machine.argument(1)), machine.ret);
      emit(machine.add(first, machine.argument(1), machine.argument(2)), machine.ret);

      emit(machine.enter);
      // mmap(anywhere, 4096, PROT_READ, MAP_PRIVATE, descriptor, offset)
      callSystem(syscallAt, MMAP, 0, 4096, 1, 2, DESCRIPTOR, AT);
      emit(machine.move(machine.argument(4), first));
      // write(1, what is there, its length)
      set(5, TEXT.length());
      set(2, machine.number(WRITE));
      set(3, 1);
      call(syscallAt);
      emit(machine.move(machine.kept, first));
      // close(an unlikely number)
      callSystem(syscallAt, CLOSE, 1 << 20);
      emit(machine.add(machine.kept, machine.kept, first));
      set(0, BASE + ENVIRONMENT);
      set(1, 1000);
      set(2, 20);
      call(fieldIdAt);
      emit(machine.add(machine.kept, machine.kept, first));
      set(0, BASE + ENVIRONMENT);
      set(1, 1000);
      set(2, 40);
      set(3, 100);
      call(valueOfAt);
      emit(machine.add(machine.kept, machine.kept, first));
      // exit_group(sum)
      emit(machine.move(machine.argument(3), machine.kept));
      set(2, machine.number(EXIT_GROUP));
      call(syscallAt);

      file.putLong(ENVIRONMENT, BASE + FUNCTIONS);
      file.putLong(FUNCTIONS + 8 * FROM_REFLECTED_FIELD, BASE + firstAt);
      file.putLong(FUNCTIONS + 8 * GET_STATIC_OBJECT_FIELD, BASE + sumAt);
    }

    private void callSystem(int at, int number, int... arguments) {
      set(0, BASE + ENVIRONMENT);
      set(1, 1000);
      set(2, machine.number(number));
      for (int i = 0; i < arguments.length; i++) {
        set(3 + i, arguments[i]);
      }
      call(at);
    }

    /** What does not fit into eight registers is on the stack. */
    private void set(int argument, int value) {
      boolean isOnStack = argument == 8;
      emit(machine.load(isOnStack ? machine.scratch : machine.argument(argument), value));
      if (isOnStack) {
        emit(machine.push(machine.scratch));
      }
    }

    private void call(int at) {
      emit(machine.call(at - file.position()));
    }

    private void emit(int... instructions) {
      for (int instruction : instructions) {
        file.putInt(instruction);
      }
    }
  }

  private static byte[] function(Machine machine, String name) {
    ByteBuffer object =
        ByteBuffer.wrap(Objects.requireNonNull(StubBytes.of(machine.label())))
            .order(ByteOrder.LITTLE_ENDIAN);
    int sections = (int) object.getLong(40);
    // .dynsym is the first, .dynstr the third.
    int symbols = (int) object.getLong(sections + 64 + 24);
    int end = symbols + (int) object.getLong(sections + 64 + 32);
    int strings = (int) object.getLong(sections + 3 * 64 + 24);
    for (int symbol = symbols; symbol < end; symbol += 24) {
      byte[] text = new byte[name.length() + 1];
      object.get(strings + object.getInt(symbol), text);
      if (new String(text, StandardCharsets.US_ASCII).equals(name + "\0")) {
        byte[] code = new byte[(int) object.getLong(symbol + 16)];
        object.get((int) object.getLong(symbol + 8), code);
        return code;
      }
    }
    throw new AssertionError("no " + name);
  }

  /** What a program prints, and its status. */
  private String run(Machine machine, byte[] syscall, byte[] fieldId, byte[] valueOf)
      throws Exception {
    File program = temporary.resolve("program").toFile();
    Files.write(program.toPath(), new Program(machine, syscall, fieldId, valueOf).file.array());
    program.setExecutable(true);
    Path data = temporary.resolve("data");
    byte[] content = new byte[AT + TEXT.length()];
    System.arraycopy(TEXT.getBytes(StandardCharsets.US_ASCII), 0, content, AT, TEXT.length());
    Files.write(data, content);
    File output = temporary.resolve("output").toFile();
    String script =
        "ulimit -c 0; exec qemu-" + machine.label() + " \"$0\" " + DESCRIPTOR + "<\"$1\"";
    Process process =
        new ProcessBuilder("sh", "-c", script, program.toString(), data.toString())
            .redirectErrorStream(true)
            .redirectOutput(output)
            .start();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return "no end";
    }
    return Files.readString(output.toPath(), StandardCharsets.ISO_8859_1) + process.exitValue();
  }

  @ParameterizedTest
  @EnumSource
  void testCode(Machine machine) throws Exception {
    String emulator = "qemu-" + machine.label();
    assumeTrue(new File("/usr/bin/" + emulator).canExecute(), emulator + " is not installed");
    byte[] syscall = function(machine, SYSCALL);
    byte[] fieldId = function(machine, FIELD_ID);
    byte[] valueOf = function(machine, VALUE);
    String right = TEXT + STATUS;
    assertEquals(right, run(machine, syscall, fieldId, valueOf));
    // Each instruction matters, or this test would not see a wrong one.
    for (byte[] code : new byte[][] {syscall, fieldId, valueOf}) {
      for (int at = 0; at < code.length; at += 4) {
        ByteBuffer word = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        int before = word.getInt(at);
        word.putInt(at, machine.nop);
        String what = Integer.toHexString(before) + " at " + at;
        assertNotEquals(right, run(machine, syscall, fieldId, valueOf), what);
        word.putInt(at, before);
      }
    }
  }
}
