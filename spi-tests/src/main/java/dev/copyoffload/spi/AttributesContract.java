package dev.copyoffload.spi;

import static dev.copyoffload.spi.Privilege.asNobody;
import static dev.copyoffload.spi.Row.copy;
import static dev.copyoffload.spi.Row.row;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes: those that a copy keeps, those it does not, and those that are read and set. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class AttributesContract extends DiskContract {
  @ParameterizedTest
  @ValueSource(ints = {0644, 0600, 0000, 01666, 02755, 04711, 06777})
  final void testCopy_keepsAttributes(int mode) throws IOException {
    Privilege.requireRoot();
    Outcome.Operation file = s -> Attributes.setAll(s.file("a", 5000).rawFrom("a"), mode);
    Outcome.Operation directory = s -> Attributes.setAll(s.directory("a").rawFrom("a"), mode);
    check(row("file", file, copy(COPY_ATTRIBUTES)));
    check(row("file without option", file, copy()));
    check(row("directory", directory, copy(COPY_ATTRIBUTES)));
    check(row("directory without option", directory, copy()));
    check(
        row(
            "over a file with attributes of its own",
            s -> {
              file.run(s);
              Attributes.setAll(s.targetFile("b", 9).rawTo("b"), 0640);
            },
            copy(COPY_ATTRIBUTES, REPLACE_EXISTING)));
  }

  @Test
  final void testCopy_keepsCapabilities() throws IOException {
    Privilege.requireRoot();
    // cap_net_raw, effective and permitted, in the kernel's second version of the format
    byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    Outcome.Operation layout =
        s -> Libc.xattr(s.file("a", 5000).rawFrom("a"), "security.capability", capability);
    check(row("with option", layout, copy(COPY_ATTRIBUTES)));
    check(row("without option", layout, copy()));
  }

  @Test
  final void testCopy_keepsOwnerOfLink() throws IOException {
    Privilege.requireRoot();
    Outcome.Operation layout =
        s -> {
          s.link("a", "nowhere");
          Files.setAttribute(s.rawFrom("a"), "unix:uid", 1234, NOFOLLOW_LINKS);
          Files.setAttribute(s.rawFrom("a"), "unix:gid", 5678, NOFOLLOW_LINKS);
        };
    check(row("with option", layout, copy(COPY_ATTRIBUTES, NOFOLLOW_LINKS)));
    check(row("without option", layout, copy(NOFOLLOW_LINKS)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0644, 0604, 06755})
  final void testCopy_asNobodyKeepsWhatItMay(int mode) throws IOException {
    Privilege.requireRoot();
    Outcome.Operation layout =
        s -> {
          Attributes.setAll(s.file("a", 5000).rawFrom("a"), 0600);
          s.open();
          Files.setAttribute(s.rawFrom("a"), "unix:mode", mode);
          Attributes.setTimes(s.rawFrom("a"));
        };
    check(row("with option", layout, asNobody(copy(COPY_ATTRIBUTES))));
    check(row("without option", layout, asNobody(copy())));
  }

  /** JDK 17 rounds down to microseconds; nanoseconds are right as well. */
  @Test
  final void testCopy_keepsTimes() throws IOException {
    BasicFileAttributes stock = Stock.alone(() -> timesOfCopy(UnaryOperator.identity()));
    BasicFileAttributes ours = timesOfCopy(this::at);
    assertTime(Sandbox.OLD, stock.lastModifiedTime(), ours.lastModifiedTime());
    assertTime(Attributes.READ, stock.lastAccessTime(), ours.lastAccessTime());
  }

  private static void assertTime(FileTime source, FileTime stock, FileTime ours) {
    assertEquals(
        source.toInstant().truncatedTo(ChronoUnit.MICROS),
        stock.toInstant().truncatedTo(ChronoUnit.MICROS));
    assertTrue(ours.equals(source) || ours.equals(stock), () -> ours + " for " + source);
  }

  private BasicFileAttributes timesOfCopy(UnaryOperator<Path> at) throws IOException {
    try (Sandbox s = Sandbox.create(route, at)) {
      Attributes.setTimes(s.file("a", 5000).rawFrom("a"));
      Files.copy(s.from("a"), s.to("b"), COPY_ATTRIBUTES);
      return Files.readAttributes(s.rawTo("b"), BasicFileAttributes.class);
    }
  }

  @Test
  final void testCopy_leavesTimesOfSource() throws IOException {
    try (Sandbox s = sandbox()) {
      s.file("a", 5000);
      Files.copy(s.from("a"), s.to("b"));
      assertEquals(Sandbox.OLD, Files.getLastModifiedTime(s.rawFrom("a")));
      assertTrue(Files.getLastModifiedTime(s.rawTo("b")).compareTo(Sandbox.OLD) > 0);
    }
  }

  @Test
  final void testRead() throws IOException {
    try (Sandbox s = sandbox()) {
      Path raw = s.file("a", 5000).rawFrom("a");
      Path file = s.from("a");
      Attributes.setTimes(raw);
      for (String set : new String[] {"*", "posix:*", "unix:*", "unix:nlink,mode", "owner:*"}) {
        assertEquals(
            new TreeMap<>(Files.readAttributes(raw, set)).toString(),
            new TreeMap<>(Files.readAttributes(file, set)).toString(),
            set);
      }
      assertEquals(Files.size(raw), Files.size(file));
      assertEquals(Files.getOwner(raw), Files.getOwner(file));
      assertEquals(Files.isHidden(raw), Files.isHidden(file));
      assertEquals(
          Files.readAttributes(raw, PosixFileAttributes.class).fileKey(),
          Files.readAttributes(file, PosixFileAttributes.class).fileKey());
      assertEquals(Files.getFileStore(raw).type(), Files.getFileStore(file).type());
      assertEquals(Files.getFileStore(raw).name(), Files.getFileStore(file).name());
      assertEquals(
          Files.getFileStore(raw).getTotalSpace(), Files.getFileStore(file).getTotalSpace());
    }
  }

  @Test
  final void testSet() throws IOException {
    Function<String, Row> setting =
        name ->
            row(
                name,
                s -> s.file("a", 10),
                s -> {
                  Path file = s.from("a");
                  Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx--x-w-"));
                  Files.setOwner(file, Files.getOwner(file));
                  Files.getFileAttributeView(file, PosixFileAttributeView.class)
                      .setGroup(Files.readAttributes(file, PosixFileAttributes.class).group());
                  Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                      .write("colour", ByteBuffer.wrap(new byte[] {3, 4}));
                  Files.getFileAttributeView(file, BasicFileAttributeView.class)
                      .setTimes(Attributes.READ, null, null);
                });
    check(setting.apply("views"));
    check(
        row(
                "unknown view",
                s -> s.file("a", 10),
                s -> Files.setAttribute(s.from("a"), "none:such", 1))
            .fails(UnsupportedOperationException.class));
    check(
        row(
                "unknown attribute",
                s -> s.file("a", 10),
                s -> Files.setAttribute(s.from("a"), "basic:such", 1))
            .fails(IllegalArgumentException.class));
  }

  @Test
  final void testAccess() throws IOException {
    try (Sandbox s = sandbox()) {
      s.file("a", 1).link("l", "a").link("d", "nowhere").directory("e");
      Map<String, Function<Path, Object>> questions =
          Map.of(
              "exists", Files::exists,
              "exists as link", p -> Files.exists(p, NOFOLLOW_LINKS),
              "missing", Files::notExists,
              "regular", Files::isRegularFile,
              "directory", Files::isDirectory,
              "link", Files::isSymbolicLink,
              "readable", Files::isReadable,
              "writable", Files::isWritable,
              "executable", Files::isExecutable);
      for (String name : new String[] {"a", "l", "d", "e", "none", "a/b"}) {
        questions.forEach(
            (question, ask) ->
                assertEquals(
                    ask.apply(s.rawFrom(name)), ask.apply(s.from(name)), name + " " + question));
      }
    }
  }
}
