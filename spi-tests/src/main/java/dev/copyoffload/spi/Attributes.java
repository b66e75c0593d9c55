package dev.copyoffload.spi;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Attributes that a copy may lose. */
final class Attributes {
  /** When a file with all attributes was last read. */
  static final FileTime READ = FileTime.from(Instant.parse("2000-12-31T23:59:59.987654321Z"));

  private Attributes() {}

  /** Gives a file an owner, a mode, extended attributes of all name spaces, an ACL and times. */
  static void setAll(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:uid", 1234, NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:gid", 5678, NOFOLLOW_LINKS);
    setExtended(file);
    // After the ACL, which brings permissions of its own.
    Files.setAttribute(file, "unix:mode", mode);
    setTimes(file);
  }

  /** Sets extended attributes of every name space that the file system has. */
  static void setExtended(Path file) {
    Libc.xattr(file, "user.text", "some text".getBytes(StandardCharsets.UTF_8));
    Libc.xattr(file, "user.empty", new byte[0]);
    Libc.xattr(file, "user.large", new byte[1500]);
    if (Privilege.isRoot()) {
      Libc.xattr(file, "trusted.note", new byte[] {1, 0, 2});
    }
    Libc.xattr(file, "system.posix_acl_access", acl());
  }

  /** Sets times with nanoseconds. */
  static void setTimes(Path file) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(Sandbox.OLD, READ, null);
  }

  /** An ACL as the kernel stores it: read and write for user 4321 beside the usual three. */
  private static byte[] acl() {
    ByteBuffer acl = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    acl.putShort((short) 0x01).putShort((short) 6).putInt(-1);
    acl.putShort((short) 0x02).putShort((short) 6).putInt(4321);
    acl.putShort((short) 0x04).putShort((short) 4).putInt(-1);
    acl.putShort((short) 0x10).putShort((short) 6).putInt(-1);
    acl.putShort((short) 0x20).putShort((short) 0).putInt(-1);
    return acl.array();
  }
}
