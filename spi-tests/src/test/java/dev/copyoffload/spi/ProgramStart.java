package dev.copyoffload.spi;

import dev.copyoffload.CopyOffload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.logging.LogManager;

/** What programs with libraries in them have in common. */
final class ProgramStart {
  private ProgramStart() {}

  /**
   * Loads native code where a provider of ours is installed, and says which provider and which
   * class of channels the rest of the program uses.
   *
   * @param file to open for the latter
   */
  static void announce(Path file) throws IOException {
    // The libraries log the time of day, and what they think of the JDK.
    LogManager.getLogManager().reset();
    String provider = FileSystems.getDefault().provider().getClass().getName();
    if (provider.contains("Offload") && !CopyOffload.load()) {
      throw new IOException("no native code", CopyOffload.unavailabilityCause());
    }
    try (FileChannel channel = FileChannel.open(file)) {
      String channels = channel.getClass().getName().replaceFirst("/.*", "");
      System.out.println("provider " + provider + ", channels " + channels);
    }
  }

  static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return digest(in);
    }
  }

  /** Returns the SHA-256 of what is left of a stream. */
  static String digest(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[64 << 10];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
