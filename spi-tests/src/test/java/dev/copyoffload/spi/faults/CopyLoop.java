package dev.copyoffload.spi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.copyoffload.file.FileCopies;
import dev.copyoffload.linux.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that copies what its input says, one file a line, on a thread that it names first. */
final class CopyLoop {
  private CopyLoop() {}

  public static void main(String[] args) throws Exception {
    if (Platform.load() == null) {
      System.out.println("no native code: " + Platform.unavailabilityCause());
      return;
    }
    System.out.println(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
    // So that no call moves more than 8 MiB and there is a third one. By name: javac warns of it.
    Object option =
        Class.forName("com.sun.nio.file.ExtendedCopyOption").getField("INTERRUPTIBLE").get(null);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String source = in.readLine(); source != null; source = in.readLine()) {
      System.out.println(copy(Path.of(source), Path.of(in.readLine()), (CopyOption) option));
    }
  }

  private static String copy(Path source, Path target, CopyOption option) {
    try {
      if (FileCopies.copy(source, target, option)) {
        return "offloaded";
      }
      Files.copy(source, target, option);
      return "stock";
    } catch (IOException e) {
      return e + ", " + e.getCause();
    }
  }
}
