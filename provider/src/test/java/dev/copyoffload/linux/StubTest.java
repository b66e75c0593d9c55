package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared objects of the build, read back by binutils where they are there. */
class StubTest {
  private static String output(List<String> command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), output);
      return output;
    } catch (IOException e) {
      assumeTrue(false, command.get(0) + " is not there");
      throw e;
    }
  }

  private static String written(Path directory, String architecture) throws IOException {
    byte[] object = Objects.requireNonNull(StubBytes.of(architecture));
    return Files.write(directory.resolve(architecture + ".so"), object).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "amd64, X86-64",
    "aarch64, AArch64",
    "riscv64, RISC-V",
    "loongarch64, LoongArch",
    "ppc64le, PowerPC64",
  })
  void testObject_isWellFormed(String architecture, String machine, @TempDir Path directory)
      throws Exception {
    String read = output(List.of("readelf", "--all", "--wide", written(directory, architecture)));
    assertTrue(read.contains(machine), read);
    assertTrue(!read.toLowerCase(java.util.Locale.ROOT).contains("warning"), read);
    for (String name :
        List.of(
            "Java_sun_nio_fs_OffloadKernel_syscall",
            "Java_dev_copyoffload_linux_TrustedLookup_fieldId",
            "Java_dev_copyoffload_linux_TrustedLookup_valueOf")) {
      assertTrue(read.contains(name), name + " is not in\n" + read);
    }
    for (String line : read.lines().toList()) {
      if (line.startsWith("  LOAD")) {
        assertTrue(!line.contains("RWE"), "writable and executable: " + line);
      }
    }
    assertTrue(read.lines().anyMatch(line -> line.matches("  GNU_STACK .* RW .*")), read);
  }

  @Test
  void testObject_listing(@TempDir Path directory) throws Exception {
    String file = written(directory, "amd64");
    String listing = output(List.of("objdump", "--disassemble", "--no-show-raw-insn", file));
    assertTrue(listing.contains("mov    %rdx,%rax") && listing.contains("syscall"), () -> listing);
    assertTrue(listing.contains("jmp    *0x40(%rax)"), () -> listing);
    assertTrue(listing.contains("jmp    *0x488(%rax)"), () -> listing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s390x", "ppc64", "x86", ""})
  void testObject_ofNoOtherArchitecture(String architecture) {
    assertEquals(null, StubBytes.of(architecture));
  }
}
