package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.observe.CopyStatistics;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Nothing that the oracle does is ours: else the contracts compare us with ourselves. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class OracleContract extends DiskContract {
  /** More than any way of copying leaves to the JDK for its size. */
  private static final int SIZE = 3_000_001;

  @Test
  final void testOracle_isStock() throws IOException {
    try (Sandbox s = Sandbox.create(route, raw -> raw)) {
      s.file("a", SIZE);
      CopyStatistics before = CopyOffload.statistics();
      for (Outcome.Operation copy : copies()) {
        Stock.alone(
            () -> {
              copy.run(s);
              return s;
            });
        // Nor was one offered to us.
        assertEquals(before, CopyOffload.statistics());
        Files.delete(s.rawTo("b"));
      }
    }
    if (!isOracle() && CopyOffload.isAvailable()) {
      try (Sandbox s = sandbox()) {
        CopyStatistics before = CopyOffload.statistics();
        Way.FILES_COPY.copy(s.file("a", SIZE).from("a"), s.to("b"));
        assertNotEquals(before, CopyOffload.statistics(), "copies of ours are counted");
      }
    }
  }

  private static List<Outcome.Operation> copies() {
    List<Outcome.Operation> copies = new ArrayList<>();
    for (Way way : Way.values()) {
      if (way != Way.LIBRARY_CALL) {
        copies.add(s -> way.copy(s.from("a"), s.to("b")));
      }
    }
    copies.add(s -> Files.move(Files.copy(s.from("a"), s.to("m")), s.to("b")));
    copies.add(OracleContract::copyInLoop);
    return copies;
  }

  private static void copyInLoop(Sandbox s) throws IOException {
    try (InputStream in = new FileInputStream(s.rawFrom("a").toString());
        OutputStream out = new FileOutputStream(s.rawTo("b").toString())) {
      byte[] buffer = new byte[65_536];
      int n;
      while ((n = in.read(buffer)) > 0) {
        out.write(buffer, 0, n);
      }
    }
  }
}
