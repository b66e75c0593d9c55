package dev.copyoffload.examples.jcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files to copy, the same ones in each directory. */
final class Fixture {
  private static final FileTime TIME = FileTime.fromMillis(1_000_000_000_123L);

  private Fixture() {}

  static void create(Path root) throws IOException {
    Files.createDirectories(root);
    write(root, "a", "alpha");
    write(root, "b", "beta, and longer");
    write(root, "empty", "");
    write(root, "program", "#!/bin/sh");
    mode(root, "program", "rwxr-x---");
    byte[] large = new byte[300_000];
    new Random(1).nextBytes(large);
    Files.write(root.resolve("large"), large);
    write(root, "tree/x", "x");
    write(root, "tree/deep/er/y", "y");
    write(root, "tree/first", "one file, two names");
    Files.createLink(root.resolve("tree/second"), root.resolve("tree/first"));
    Files.createSymbolicLink(root.resolve("tree/link"), Path.of("x"));
    Files.createSymbolicLink(root.resolve("tree/dangling"), Path.of("nowhere"));
    Files.createDirectory(root.resolve("tree/none"));
    mode(root, "tree/none", "rwx------");
    Files.createDirectory(root.resolve("into"));
    write(root, "into/b", "another b");
    write(root, "other/a", "another a");
    write(root, "other/tree/x", "another x");
    write(root, "other/tree/kept", "kept");
    write(root, "blocked/a/b", "in a directory that has a file's name");
    write(root, "blocked/tree/x/y", "likewise");
    Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
    Files.createSymbolicLink(root.resolve("tree-link"), Path.of("tree"));
    Files.createSymbolicLink(root.resolve("dangling"), Path.of("nowhere"));
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(file -> !Files.isSymbolicLink(file)).toList()) {
        Files.setLastModifiedTime(file, TIME);
      }
    }
  }

  private static void write(Path root, String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static void mode(Path root, String name, String mode) throws IOException {
    Files.setPosixFilePermissions(root.resolve(name), PosixFilePermissions.fromString(mode));
  }

  /**
   * What is there: by name the kind, the mode and the content.
   *
   * @param times whether the files that have the fixture's time are told from others
   */
  static Map<String, String> describe(Path root, boolean times) throws IOException {
    Map<String, String> described = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        described.put(root.relativize(file).toString(), describeOne(file, times));
      }
    }
    return described;
  }

  private static String describeOne(Path file, boolean times) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "-> " + Files.readSymbolicLink(file);
    }
    BasicFileAttributes read =
        Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    String content =
        read.isRegularFile() ? digest(Files.readAllBytes(file)) : read.isDirectory() ? "/" : "?";
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    String time = times ? (read.lastModifiedTime().equals(TIME) ? "old" : "new") : "";
    return String.join(" ", List.of(mode, content, time));
  }

  private static String digest(byte[] content) {
    if (content.length < 100) {
      return new String(content, UTF_8);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return content.length + " bytes " + new BigInteger(1, hash).toString(16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
