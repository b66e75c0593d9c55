package dev.copyoffload;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Transfers, and has who listens wait for another thread that closes a channel of the transfer. */
final class LoggedTransfer {
  private LoggedTransfer() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path source = Files.write(directory.resolve("source"), new byte[1 << 20]);
    CopyOffload.load();
    Logger logger = Logger.getLogger("dev.copyoffload");
    logger.setLevel(Level.ALL);
    logger.setUseParentHandlers(false);
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(directory.resolve("target"), WRITE, CREATE)) {
      logger.addHandler(new Closing(in));
      CopyOffload.transfer(in, 0, out, 0, 1 << 20);
    } catch (ClosedChannelException e) {
      System.out.println("as it was meant");
    }
    // Should close() wait for ever, so would the end of this.
    Runtime.getRuntime().halt(0);
  }

  private static final class Closing extends Handler {
    private final FileChannel channel;

    Closing(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void publish(LogRecord record) {
      Thread closer = new Thread(this::closeChannel);
      closer.start();
      try {
        closer.join(20_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      System.out.println(closer.isAlive() ? "close() waits" : "closed");
    }

    private void closeChannel() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
