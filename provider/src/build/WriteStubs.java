import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the native half: for each architecture a shared object of three functions, without a
 * compiler, the same bytes each time.
 *
 * <p>A static native method gets the JNI environment and its class before its arguments, all in the
 * registers of the platform's calling convention. {@code syscall} moves them to where the kernel
 * wants them, and returns what the kernel returns, a negated errno included. The other two jump on
 * through the table of the JNI specification, in which {@code FromReflectedField} is entry 8 and
 * {@code GetStaticObjectField} entry 145, eight bytes each.
 *
 * <pre>
 * java WriteStubs.java OBJECTS GENERATED PACKAGE
 * </pre>
 *
 * OBJECTS gets {@code ARCHITECTURE.so} for people and tests to look into; GENERATED gets {@code
 * PACKAGE.StubBytes}, which holds them all.
 */
final class WriteStubs {
  private static final String SYSCALL = "Java_sun_nio_fs_OffloadKernel_syscall";
  private static final String FIELD_ID = "Java_dev_copyoffload_linux_TrustedLookup_fieldId";
  private static final String VALUE = "Java_dev_copyoffload_linux_TrustedLookup_valueOf";

  /**
   * @param name as os.arch has it
   * @param machine e_machine of ELF
   * @param flags e_flags: the ABI, which a dynamic linker compares with its own
   */
  private record Architecture(
      String name, int machine, int flags, byte[] syscall, byte[] fieldId, byte[] valueOf) {}

  private static final List<Architecture> ARCHITECTURES =
      List.of(
          new Architecture(
              "amd64",
              62,
              0,
              // long syscall(env, class, number rdx, a rcx, b r8, c r9, d, e, f on the stack)
              bytes(
                  "48 89 d0", // mov rax, rdx
                  "48 89 cf", // mov rdi, rcx
                  "4c 89 c6", // mov rsi, r8
                  "4c 89 ca", // mov rdx, r9
                  "4c 8b 54 24 08", // mov r10, [rsp+8]
                  "4c 8b 44 24 10", // mov r8, [rsp+16]
                  "4c 8b 4c 24 18", // mov r9, [rsp+24]
                  "0f 05", // syscall
                  "c3"), // ret
              // long fieldId(env rdi, class rsi, field rdx)
              bytes(
                  "48 89 d6", // mov rsi, rdx
                  "48 8b 07", // mov rax, [rdi]
                  "ff 60 40"), // jmp [rax+64]
              // Object valueOf(env rdi, class rsi, owner rdx, id rcx)
              bytes(
                  "48 89 d6", // mov rsi, rdx
                  "48 89 ca", // mov rdx, rcx
                  "48 8b 07", // mov rax, [rdi]
                  "ff a0 88 04 00 00")), // jmp [rax+1160]
          new Architecture(
              "aarch64",
              183,
              0,
              // number x2, a x3, b x4, c x5, d x6, e x7, f on the stack
              words(
                  0xaa0203e8, // mov x8, x2
                  0xaa0303e0, // mov x0, x3
                  0xaa0403e1, // mov x1, x4
                  0xaa0503e2, // mov x2, x5
                  0xaa0603e3, // mov x3, x6
                  0xaa0703e4, // mov x4, x7
                  0xf94003e5, // ldr x5, [sp]
                  0xd4000001, // svc #0
                  0xd65f03c0), // ret
              words(
                  0xaa0203e1, // mov x1, x2
                  0xf9400010, // ldr x16, [x0]
                  0xf9402210, // ldr x16, [x16, #64]
                  0xd61f0200), // br x16
              words(
                  0xaa0203e1, // mov x1, x2
                  0xaa0303e2, // mov x2, x3
                  0xf9400010, // ldr x16, [x0]
                  0xf9424610, // ldr x16, [x16, #1160]
                  0xd61f0200)), // br x16
          new Architecture(
              "riscv64",
              243,
              // Floats of 64 bits are passed in registers.
              4,
              // number a2, a a3, b a4, c a5, d a6, e a7, f on the stack
              words(
                  0x00060293, // mv t0, a2
                  0x00068513, // mv a0, a3
                  0x00070593, // mv a1, a4
                  0x00078613, // mv a2, a5
                  0x00080693, // mv a3, a6
                  0x00088713, // mv a4, a7
                  0x00013783, // ld a5, 0(sp)
                  0x00028893, // mv a7, t0
                  0x00000073, // ecall
                  0x00008067), // ret
              words(
                  0x00060593, // mv a1, a2
                  0x00053283, // ld t0, 0(a0)
                  0x0402b283, // ld t0, 64(t0)
                  0x00028067), // jr t0
              words(
                  0x00060593, // mv a1, a2
                  0x00068613, // mv a2, a3
                  0x00053283, // ld t0, 0(a0)
                  0x4882b283, // ld t0, 1160(t0)
                  0x00028067)), // jr t0
          new Architecture(
              "loongarch64",
              258,
              // The same, in version 1 of its object files.
              0x43,
              words(
                  0x001500cc, // move t0, a2
                  0x001500e4, // move a0, a3
                  0x00150105, // move a1, a4
                  0x00150126, // move a2, a5
                  0x00150147, // move a3, a6
                  0x00150168, // move a4, a7
                  0x28c00069, // ld.d a5, sp, 0
                  0x0015018b, // move a7, t0
                  0x002b0000, // syscall 0
                  0x4c000020), // ret
              words(
                  0x001500c5, // move a1, a2
                  0x28c0008c, // ld.d t0, a0, 0
                  0x28c1018c, // ld.d t0, t0, 64
                  0x4c000180), // jr t0
              words(
                  0x001500c5, // move a1, a2
                  0x001500e6, // move a2, a3
                  0x28c0008c, // ld.d t0, a0, 0
                  0x28d2218c, // ld.d t0, t0, 1160
                  0x4c000180)), // jr t0
          new Architecture(
              "ppc64le",
              21,
              // Version 2 of its ABI: a function's address is that of its code.
              2,
              // number r5, a r6, b r7, c r8, d r9, e r10, f on the stack
              words(
                  0x7ca02b78, // mr r0, r5
                  0x7cc33378, // mr r3, r6
                  0x7ce43b78, // mr r4, r7
                  0x7d054378, // mr r5, r8
                  0x7d264b78, // mr r6, r9
                  0x7d475378, // mr r7, r10
                  0xe9010060, // ld r8, 96(r1)
                  0x44000002, // sc
                  // An error is positive here, and a flag tells.
                  0x4c830020, // bnslr
                  0x7c6300d0, // neg r3, r3
                  0x4e800020), // blr
              words(
                  0x7ca42b78, // mr r4, r5
                  // Where a function finds its own address.
                  0xe9830000, // ld r12, 0(r3)
                  0xe98c0040, // ld r12, 64(r12)
                  0x7d8903a6, // mtctr r12
                  0x4e800420), // bctr
              words(
                  0x7ca42b78, // mr r4, r5
                  0x7cc53378, // mr r5, r6
                  0xe9830000, // ld r12, 0(r3)
                  0xe98c0488, // ld r12, 1160(r12)
                  0x7d8903a6, // mtctr r12
                  0x4e800420))); // bctr

  private WriteStubs() {}

  public static void main(String... args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: WriteStubs OBJECTS GENERATED PACKAGE");
    }
    Path objects = Files.createDirectories(Path.of(args[0]));
    StringBuilder cases = new StringBuilder();
    for (Architecture architecture : ARCHITECTURES) {
      byte[] object = sharedObject(architecture);
      Files.write(objects.resolve(architecture.name + ".so"), object);
      cases.append(
          "      case \"%s\" ->\n          %s;\n".formatted(architecture.name, constant(object)));
    }
    String text =
        """
        package %s;

        import org.jspecify.annotations.Nullable;

        /** The shared objects that WriteStubs wrote, one for each architecture. */
        final class StubBytes {
          private StubBytes() {}

          /** The shared object of an architecture as os.arch names it, or null if there is none. */
          @SuppressWarnings("deprecation") // a charset would load six, of which a first copy needs none
          static byte @Nullable [] of(String architecture) {
            String object = switch (architecture) {
        %s      default -> null;
            };
            if (object == null) {
              return null;
            }
            byte[] bytes = new byte[object.length()];
            object.getBytes(0, bytes.length, bytes, 0);
            return bytes;
          }
        }
        """
            .formatted(args[2], cases);
    Path file = Path.of(args[1]).resolve(args[2].replace('.', '/')).resolve("StubBytes.java");
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  private static String constant(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte value : bytes) {
      text.append('\\').append(Integer.toOctalString(01000 + Byte.toUnsignedInt(value)), 1, 4);
    }
    return text.append('"').toString();
  }

  private static byte[] bytes(String... instructions) {
    String[] numbers = String.join(" ", instructions).split(" ");
    byte[] code = new byte[numbers.length];
    for (int i = 0; i < code.length; i++) {
      code[i] = (byte) Integer.parseInt(numbers[i], 16);
    }
    return code;
  }

  private static byte[] words(int... instructions) {
    ByteBuffer code =
        ByteBuffer.allocate(4 * instructions.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int instruction : instructions) {
      code.putInt(instruction);
    }
    return code.array();
  }

  // --- ELF, see elf(5) -------------------------------------------------------------------------

  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int SECTION_HEADER = 64;
  private static final int SYMBOL = 24;

  /** No page of any of these kernels is larger. */
  private static final long LARGEST_PAGE = 64 << 10;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int EXECUTE = 1;

  private record Section(String name, int type, long flags, long offset, long size, long address) {}

  private static byte[] sharedObject(Architecture architecture) {
    List<String> names = List.of(SYSCALL, FIELD_ID, VALUE);
    List<byte[]> codes = List.of(architecture.syscall, architecture.fieldId, architecture.valueOf);

    StringBuilder strings = new StringBuilder("\0");
    List<Integer> nameAt = new ArrayList<>();
    for (String name : names) {
      nameAt.add(strings.length());
      strings.append(name).append('\0');
    }
    int symbolsAt = HEADER + 4 * PROGRAM_HEADER;
    int symbolsSize = SYMBOL * (1 + names.size());
    int hashAt = symbolsAt + symbolsSize;
    int hashSize = 4 * (2 + 1 + 1 + names.size());
    int stringsAt = hashAt + hashSize;
    int codeAt = aligned(stringsAt + strings.length(), 16);
    List<Integer> functionAt = new ArrayList<>();
    int end = codeAt;
    for (byte[] code : codes) {
      functionAt.add(end);
      end = aligned(end + code.length, 16);
    }
    int dynamicAt = end;
    int dynamicSize = 16 * 6;
    // The dynamic linker writes into it: a page of its own, that is not executable.
    long dynamicAddress = LARGEST_PAGE + dynamicAt;

    List<Section> sections =
        List.of(
            new Section("", 0, 0, 0, 0, 0),
            new Section(".dynsym", 11, 2, symbolsAt, symbolsSize, symbolsAt),
            new Section(".hash", 5, 2, hashAt, hashSize, hashAt),
            new Section(".dynstr", 3, 2, stringsAt, strings.length(), stringsAt),
            new Section(".text", 1, 6, codeAt, dynamicAt - codeAt, codeAt),
            new Section(".dynamic", 6, 3, dynamicAt, dynamicSize, dynamicAddress),
            new Section(".shstrtab", 3, 0, dynamicAt + dynamicSize, 0, 0));
    StringBuilder sectionNames = new StringBuilder();
    List<Integer> sectionNameAt = new ArrayList<>();
    for (Section section : sections) {
      sectionNameAt.add(sectionNames.length());
      sectionNames.append(section.name).append('\0');
    }
    int sectionsAt = aligned(dynamicAt + dynamicSize + sectionNames.length(), 8);

    ByteBuffer out =
        ByteBuffer.allocate(sectionsAt + SECTION_HEADER * sections.size())
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put(bytes("7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00"));
    out.putShort((short) 3).putShort((short) architecture.machine).putInt(1);
    out.putLong(0).putLong(HEADER).putLong(sectionsAt).putInt(architecture.flags);
    out.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 4);
    out.putShort((short) SECTION_HEADER).putShort((short) sections.size());
    out.putShort((short) (sections.size() - 1));

    program(out, PT_LOAD, READ | EXECUTE, 0, 0, dynamicAt, LARGEST_PAGE);
    program(out, PT_LOAD, READ | WRITE, dynamicAt, dynamicAddress, dynamicSize, LARGEST_PAGE);
    program(out, PT_DYNAMIC, READ | WRITE, dynamicAt, dynamicAddress, dynamicSize, 8);
    // Without this the process would be asked to make its stacks executable.
    program(out, PT_GNU_STACK, READ | WRITE, 0, 0, 0, 16);

    out.position(symbolsAt + SYMBOL);
    for (int i = 0; i < names.size(); i++) {
      // A global function of section 4.
      out.putInt(nameAt.get(i)).put((byte) 0x12).put((byte) 0).putShort((short) 4);
      out.putLong(functionAt.get(i)).putLong(codes.get(i).length);
    }
    // One bucket, and a chain through all symbols.
    out.position(hashAt);
    out.putInt(1).putInt(1 + names.size()).putInt(1).putInt(0);
    for (int i = 1; i <= names.size(); i++) {
      out.putInt(i < names.size() ? i + 1 : 0);
    }
    out.put(strings.toString().getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < codes.size(); i++) {
      out.position(functionAt.get(i));
      out.put(codes.get(i));
    }
    out.position(dynamicAt);
    out.putLong(4).putLong(hashAt).putLong(5).putLong(stringsAt).putLong(6).putLong(symbolsAt);
    out.putLong(10).putLong(strings.length()).putLong(11).putLong(SYMBOL).putLong(0).putLong(0);
    out.put(sectionNames.toString().getBytes(StandardCharsets.US_ASCII));
    out.position(sectionsAt);
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      boolean last = i == sections.size() - 1;
      out.putInt(sectionNameAt.get(i)).putInt(section.type).putLong(section.flags);
      out.putLong(section.address).putLong(section.offset);
      out.putLong(last ? sectionNames.length() : section.size);
      // .dynsym and .dynamic name their strings, .hash its symbols; the first symbol is local.
      int link = section.name.equals(".hash") ? 1 : section.name.startsWith(".dyn") ? 3 : 0;
      out.putInt(section.name.equals(".dynstr") ? 0 : link);
      out.putInt(section.name.equals(".dynsym") ? 1 : 0);
      out.putLong(section.type == 1 ? 16 : i == 0 ? 0 : section.type == 3 ? 1 : 8);
      long entry =
          section.name.equals(".dynsym")
              ? SYMBOL
              : section.name.equals(".dynamic") ? 16 : section.name.equals(".hash") ? 4 : 0;
      out.putLong(entry);
    }
    return out.array();
  }

  private static void program(
      ByteBuffer out, int type, int flags, long offset, long address, long size, long alignment) {
    out.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
    out.putLong(size).putLong(size).putLong(alignment);
  }

  private static int aligned(int offset, int to) {
    return (offset + to - 1) / to * to;
  }
}
