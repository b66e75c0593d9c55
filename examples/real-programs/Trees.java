import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes, lists and measures directories of files.
 *
 * <pre>
 * java Trees.java make DIR          creates files in it
 * java Trees.java list DIR          prints names, modes, sizes, contents, and times before DIR was made
 * java Trees.java shared IN... OUT  prints how many bytes of OUT are in files whose content was in an
 *                                   older file, and how many of those are shared on disk
 * </pre>
 */
final class Trees {
  private static final Pattern EXTENT =
      Pattern.compile("^ +\\d+: .*: +(\\d+): .*\\bshared\\b.*$", Pattern.MULTILINE);

  private Trees() {}

  public static void main(String... args) throws Exception {
    Path last = Path.of(args[args.length - 1]);
    switch (args[0]) {
      case "make" -> make(last);
      case "list" -> {
        FileTime made = (FileTime) Files.getAttribute(last, "creationTime");
        for (Path file : files(last)) {
          System.out.println(
              last.relativize(file)
                  + " "
                  + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                  + " "
                  + Files.size(file)
                  + " "
                  + digest(file)
                  + " "
                  + time(file, made));
        }
      }
      case "shared" -> shared(List.of(args).subList(1, args.length).stream().map(Path::of).toList());
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  /** When the file was changed, in the milliseconds that each copy keeps; new ones are alike. */
  private static String time(Path file, FileTime made) throws IOException {
    FileTime changed = Files.getLastModifiedTime(file);
    return changed.compareTo(made) < 0 ? String.valueOf(changed.toMillis()) : "new";
  }

  private static void make(Path dir) throws IOException {
    for (int i = 0; i < 4; i++) {
      make(dir.resolve("large-" + i), 3_000_001 + i);
    }
    for (int i = 0; i < 40; i++) {
      make(dir.resolve("middle/" + i), 100_000 + 997 * i);
    }
    for (int i = 0; i < 100; i++) {
      make(dir.resolve("small/" + i), 211 * i);
    }
  }

  private static void make(Path file, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static void shared(List<Path> dirs) throws Exception {
    Set<String> known = new HashSet<>();
    for (Path dir : dirs.subList(0, dirs.size() - 1)) {
      for (Path file : files(dir)) {
        known.add(digest(file));
      }
    }
    List<Path> made = files(dirs.get(dirs.size() - 1));
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : made) {
      times.put(file, (FileTime) Files.getAttribute(file, "creationTime"));
    }
    made.sort(Comparator.comparing(times::get));
    long copied = 0;
    long shared = 0;
    for (Path file : made) {
      if (!known.add(digest(file))) {
        copied += Files.size(file);
        shared += Math.min(Files.size(file), sharedBytes(file));
      }
    }
    System.out.printf("%.1f MB copied, %.1f %% shared%n", copied / 1e6, 100.0 * shared / copied);
  }

  private static long sharedBytes(Path file) throws Exception {
    // In blocks of 512 bytes.
    Process process = new ProcessBuilder("filefrag", "-b512", "-v", file.toString()).start();
    String text = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    long bytes = 0;
    for (Matcher extent = EXTENT.matcher(text); extent.find(); ) {
      bytes += 512 * Long.parseLong(extent.group(1));
    }
    return bytes;
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> walk = Files.walk(dir)) {
      return new ArrayList<>(walk.filter(Files::isRegularFile).sorted().toList());
    }
  }

  private static String digest(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      byte[] buffer = new byte[64 << 10];
      while (in.read(buffer) >= 0) {
        continue;
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
