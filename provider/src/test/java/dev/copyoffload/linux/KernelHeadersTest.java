package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Flags, numbers of system calls and errors, and structs, against the kernel's headers for each
 * architecture, where these are there: Debian has them in {@code linux-libc-dev-arm64-cross} and
 * its like, later in {@code linux-libc-dev}.
 */
class KernelHeadersTest {
  /** Names of ours, and two that only the C library has. */
  private static final Set<String> IN_NO_HEADER =
      Set.of(
          "PERMISSION_BITS",
          "STICKY",
          "SET_USER_OR_GROUP",
          "ALL_OF_OWNER",
          "READABLE_BY_OWNER",
          "READABLE_BY_ALL",
          "R_OK",
          "SPLICE_F_MOVE",
          // Since 6.5; such numbers are the same everywhere.
          "CACHESTAT");

  private static final String HEADERS =
      """
      #include <asm/statfs.h>
      #include <asm/unistd.h>
      #include <linux/errno.h>
      #include <linux/falloc.h>
      #include <linux/fcntl.h>
      #include <linux/fs.h>
      #include <linux/stat.h>
      #define AT(struct_name, field, offset) \\
        _Static_assert(__builtin_offsetof(struct struct_name, field) == offset, #field)
      AT(statx, stx_mask, 0);
      AT(statx, stx_blksize, 4);
      AT(statx, stx_nlink, 16);
      AT(statx, stx_uid, 20);
      AT(statx, stx_gid, 24);
      AT(statx, stx_mode, 28);
      AT(statx, stx_ino, 32);
      AT(statx, stx_size, 40);
      AT(statx, stx_blocks, 48);
      AT(statx, stx_atime.tv_sec, 64);
      AT(statx, stx_atime.tv_nsec, 72);
      AT(statx, stx_ctime.tv_sec, 96);
      AT(statx, stx_ctime.tv_nsec, 104);
      AT(statx, stx_mtime.tv_sec, 112);
      AT(statx, stx_mtime.tv_nsec, 120);
      AT(statx, stx_dev_major, 136);
      AT(statx, stx_dev_minor, 140);
      _Static_assert(sizeof(struct statx) == 256, "statx");
      AT(statfs, f_type, 0);
      AT(statfs, f_bsize, 8);
      _Static_assert(sizeof(struct statfs) == 120, "statfs");
      """;

  /** Prints what the classes have that a JVM of the architecture would load. */
  public static void main(String... none) throws ReflectiveOperationException {
    StringBuilder all = new StringBuilder();
    for (Class<?> type : List.of(Constants.class, SystemCall.class)) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getType().isPrimitive()
            && field.getType() != boolean.class
            && !Modifier.isPrivate(field.getModifiers())
            && !IN_NO_HEADER.contains(field.getName())) {
          String name =
              type == SystemCall.class
                  ? "__NR_" + field.getName().toLowerCase(Locale.ROOT)
                  : field.getName();
          all.append(assertion(name, ((Number) field.get(null)).longValue()));
        }
      }
    }
    for (Errno errno : Errno.values()) {
      all.append(assertion(errno.name(), errno.number()));
    }
    System.out.print(all);
  }

  private static String assertion(String name, long value) {
    return "_Static_assert((%s) == %d, \"%s\");%n".formatted(name, value, name);
  }

  @ParameterizedTest
  @CsvSource({
    "amd64, x86_64-linux-gnu, x86",
    "aarch64, aarch64-linux-gnu, arm64",
    "riscv64, riscv64-linux-gnu, riscv",
    "loongarch64, loongarch64-linux-gnu, loongarch",
    "ppc64le, powerpc64le-linux-gnu, powerpc",
  })
  void test(String architecture, String triplet, String kernelName, @TempDir Path dir)
      throws Exception {
    List<String> includes = new ArrayList<>();
    for (String place :
        List.of(
            "/usr/" + triplet + "/include",
            "/usr/include/" + triplet,
            "/usr/lib/linux/uapi/" + kernelName)) {
      if (Files.exists(Path.of(place, "asm/fcntl.h"))) {
        includes.addAll(List.of("-I", place));
        break;
      }
    }
    assumeTrue(!includes.isEmpty(), "no headers of the kernel for " + architecture);
    includes.addAll(List.of("-I", "/usr/include"));
    Path source = dir.resolve("constants.c");
    String classPath =
        Path.of(Constants.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            + ":"
            + Path.of(
                KernelHeadersTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String numbers =
        output(
            List.of(
                java,
                "-Dos.arch=" + architecture,
                "-cp",
                classPath,
                KernelHeadersTest.class.getName()));
    assertTrue(numbers.contains("O_NOFOLLOW"), numbers);
    Files.writeString(source, HEADERS + numbers);
    // The compiler is for this machine: POWER's headers ask for the width of the other.
    List<String> compile =
        new ArrayList<>(List.of("gcc", "-fsyntax-only", "-nostdinc", "-D__powerpc64__"));
    compile.addAll(includes);
    compile.add(source.toString());
    assertEquals("", output(compile));
  }

  private static String output(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
