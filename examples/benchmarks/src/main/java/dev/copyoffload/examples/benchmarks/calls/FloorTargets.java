package dev.copyoffload.examples.benchmarks.calls;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Names, a buffer and a pipe that are there before the system calls are timed. */
@State(Scope.Thread)
public class FloorTargets extends FreshTargets {
  private static final int PAGE = 4096;
  static final int BUFFER_BYTES = 256 << 10;
  static final int PIPE_BYTES = 1 << 20;

  private final Memory bufferWithRoom = new Memory(BUFFER_BYTES + PAGE);
  final Memory buffer = bufferWithRoom.align(PAGE);
  final int[] pipe = new int[2];
  Memory sourceName = new Memory(1);
  Memory[] targetNames = {};
  boolean reserves;

  @Override
  void prepare() throws IOException {
    sourceName = name(sourceFile);
    targetNames = new Memory[targets.length];
    for (int i = 0; i < targets.length; i++) {
      targetNames[i] = name(targets[i]);
    }
    reserves = Files.getFileStore(Path.of(directory)).type().equals("ext4");
    Floor.C.pipe2(pipe, Floor.O_CLOEXEC);
    Floor.C.fcntl(pipe[1], Floor.F_SETPIPE_SZ, PIPE_BYTES);
  }

  @TearDown(Level.Trial)
  public void closePipe() {
    Floor.C.close(pipe[0]);
    Floor.C.close(pipe[1]);
  }

  Memory nextName() {
    return targetNames[nextIndex()];
  }

  private static Memory name(Path path) {
    byte[] bytes = path.toString().getBytes(UTF_8);
    Memory name = new Memory(bytes.length + 1L);
    name.write(0, bytes, 0, bytes.length);
    name.setByte(bytes.length, (byte) 0);
    return name;
  }
}
