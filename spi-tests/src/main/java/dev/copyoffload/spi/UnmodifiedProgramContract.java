package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** A JVM of its own, with flags that install a provider, runs a program that only copies. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class UnmodifiedProgramContract extends DiskContract {
  private static final Set<String> SHARING = Set.of("xfs", "btrfs", "overlay");

  /** JVMs for each route. */
  private static final int FIRST_COPIES = Integer.getInteger("copyoffload.test.first", 1);

  private static final long LARGE = (130 << 20) + 1;

  /** Returns the flags that install the provider. */
  abstract String[] flags();

  @Test
  final void testCopy_isIdentical() throws IOException {
    try (Sandbox s = sandbox()) {
      run(s.file("a", 3_000_001));
      assertEquals(-1, Files.mismatch(s.rawFrom("a"), s.rawTo("b")));
    }
  }

  @Test
  final void testCopy_sharesExtents(Volumes volumes) throws IOException {
    Assumptions.assumeTrue(
        route.isWithinOne() && SHARING.contains(route.to().name()), "no extents to share here");
    try (Sandbox s = sandbox()) {
      // A program that copies once waits for native code only where that gains more than it costs.
      run(s.file("a", LARGE));
      Path copy = s.rawTo("b");
      if (route.to().name().equals("overlay")) {
        copy = volumes.overlayUpper().resolve(route.to().root().relativize(copy));
      }
      String extents = Command.run("filefrag", "-v", copy.toString());
      assertTrue(extents.contains("shared"), extents);
    }
  }

  /** Whatever a program copies first, while nothing of ours is loaded or has learnt anything. */
  @Test
  final void testFirstCopy() throws IOException {
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    System.out.println("first copies, " + route + ": -Dcopyoffload.test.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < FIRST_COPIES; i++) {
      compare(FirstCopy.random(random), jvm().flag("-XX:TieredStopAtLevel=1"));
    }
  }

  private void run(Sandbox s) throws IOException {
    assertEquals("", jvm().run(PlainCopy.class, s.rawFrom("a"), s.rawTo("b")));
  }

  private ChildJvm jvm() {
    ChildJvm jvm = new ChildJvm();
    for (String flag : flags()) {
      jvm.flag(flag);
    }
    return jvm;
  }
}
