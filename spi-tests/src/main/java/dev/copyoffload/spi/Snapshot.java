package dev.copyoffload.spi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A directory tree as text, one file a line, equal for equal trees. */
final class Snapshot {
  /** The name of a file that is not worth describing. */
  static final String UNREAD = "filler.unread";

  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int LINK = 0120000;

  private Snapshot() {}

  /** Describes a tree, calling it by the given name. */
  static String of(Path root, String name) throws IOException {
    StringBuilder text = new StringBuilder();
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(file -> !file.endsWith(UNREAD)).sorted().toList();
    }
    for (Path file : files) {
      text.append(name).append('/').append(root.relativize(file)).append(' ');
      describe(file, text);
      text.append('\n');
    }
    return text.toString();
  }

  private static void describe(Path file, StringBuilder text) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(
            file, "unix:mode,uid,gid,size,nlink,rdev,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) requireNonNull(attributes.get("mode"));
    text.append(Integer.toOctalString(mode)).append(' ');
    text.append(attributes.get("uid")).append(':').append(attributes.get("gid"));
    if ((mode & TYPE) == REGULAR) {
      text.append(" links=").append(attributes.get("nlink"));
      text.append(" size=").append(attributes.get("size"));
      text.append(" sum=").append(digest(file));
    } else if ((mode & TYPE) == LINK) {
      text.append(" -> ").append(Files.readSymbolicLink(file));
    } else {
      text.append(" device=").append(attributes.get("rdev"));
    }
    text.append(" modified=")
        .append(age((FileTime) requireNonNull(attributes.get("lastModifiedTime"))));
    for (String xattr : Libc.xattrs(file)) {
      text.append(' ').append(xattr).append('=');
      text.append(HexFormat.of().formatHex(Libc.xattr(file, xattr)));
    }
  }

  /** A time that a layout set, to the microseconds that JDK 17 copies; a later one is just new. */
  private static String age(FileTime time) {
    return time.toInstant().isBefore(Sandbox.OLD.toInstant().plus(1, ChronoUnit.DAYS))
        ? time.toInstant().truncatedTo(ChronoUnit.MICROS).toString()
        : "new";
  }

  /** A sum of a file's bytes, which costs no time even in code that is not compiled yet. */
  static String digest(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(Files.readAllBytes(file));
    return Long.toHexString(sum.getValue());
  }
}
