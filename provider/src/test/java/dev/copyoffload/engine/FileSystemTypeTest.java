package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.linux.FileSystemStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The magic numbers against the kernel's own header. */
class FileSystemTypeTest {
  private static final Path HEADER = Path.of("/usr/include/linux/magic.h");
  private static final Pattern DEFINITION =
      Pattern.compile("#define\\s+([A-Z0-9]+)_(?:SUPER_)?MAGIC\\s+(0x\\p{XDigit}+)");

  @Test
  void testMagic() throws IOException {
    assumeTrue(Files.exists(HEADER), "no headers of the kernel");
    Map<FileSystemType, Long> found = new EnumMap<>(FileSystemType.class);
    for (MatchResult definition : DEFINITION.matcher(Files.readString(HEADER)).results().toList()) {
      long magic = Long.decode(definition.group(2));
      for (FileSystemType type : FileSystemType.values()) {
        String name = type.name();
        if (name.equals(definition.group(1)) || name.equals(definition.group(1) + "FS")) {
          found.put(type, magic);
          assertEquals(type, FileSystemType.of(new FileSystemStatus(magic, 4096)), name);
        }
      }
    }
    // ZFS and bcachefs are not in it, and older ones lack some more.
    assertTrue(found.size() >= 9, found.toString());
  }
}
