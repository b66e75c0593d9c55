import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** A program that copies and knows nothing of any provider. */
final class Copies {
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("copy")) {
      long start = System.nanoTime();
      Files.copy(Path.of(arguments[1]), Path.of(arguments[2]));
      System.out.printf("%.2f%n", (System.nanoTime() - start) / 1e9);
    } else {
      try {
        System.out.println(holes(Path.of(arguments[1])));
      } catch (IOException e) {
        e.printStackTrace();
        // Whether it is wrong, the same with the JDK's own code says.
        System.out.println(e);
      }
    }
  }

  /** Copies a sparse file while data in its holes is only in this machine's memory. */
  private static String holes(Path directory) throws IOException, InterruptedException {
    Path source = directory.resolve("sparse");
    Path copy = directory.resolve("copy");
    byte[] data = new byte[300_000];
    new Random(1).nextBytes(data);
    long size = 8 << 20;
    String wrong = "";
    try (FileChannel out =
        FileChannel.open(
            source, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(new byte[1]), size - 1);
      out.force(true);
      // SMB answers for a second from what it has: then the server refuses, or does not, whoever asks.
      Thread.sleep(2000);
      for (int i = 0; i < 5; i++) {
        // Each time more of what the file system may still call a hole.
        out.write(ByteBuffer.wrap(data), (long) i * 1_500_011);
        Files.copy(source, copy);
        wrong += same(out, copy) ? "" : " WRONG after write " + i;
        Files.delete(copy);
        try (FileChannel in = FileChannel.open(source);
            FileChannel to =
                FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          long done = 0;
          while (done < size) {
            done += in.transferTo(done, size - done, to);
          }
        }
        wrong += same(out, copy) ? "" : " WRONG transfer " + i;
        Files.delete(copy);
      }
    }
    Files.delete(source);
    return wrong.isEmpty() ? "10 sparse copies of unwritten data, right" : wrong;
  }

  private static boolean same(FileChannel source, Path copy) throws IOException {
    ByteBuffer expected = ByteBuffer.allocate((int) source.size());
    while (expected.hasRemaining() && source.read(expected, expected.position()) >= 0) {}
    byte[] actual = Files.readAllBytes(copy);
    return ByteBuffer.wrap(actual).equals(expected.flip());
  }
}
