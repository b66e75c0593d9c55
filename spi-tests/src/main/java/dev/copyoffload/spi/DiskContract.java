package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;

/** A contract that is run on real file systems, the JDK's own provider beside the one tested. */
@ExtendWith({VolumesParameter.class, RouteInFailure.class})
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
public abstract class DiskContract implements Implementation {
  @Parameter Route route;

  @BeforeEach
  final void requireVolumes() {
    route.require();
    prepare();
  }

  /** Returns a new sandbox for the implementation. */
  final Sandbox sandbox() throws IOException {
    return Sandbox.create(route, this::at);
  }

  /** Does what a row says with the oracle and with the implementation; nothing must differ. */
  final void check(Row row) throws IOException {
    check(row, route);
  }

  /** Does what a row says on another route than the contract's. */
  final void check(Row row, Route on) throws IOException {
    Trace expected = oracle(row, on);
    assertEquals(row.failure(), expected.outcome().failure(), () -> "stock: " + expected);
    if (isOracle()) {
      return;
    }
    Trace actual = trace(row, on, this::at);
    assertEquals(expected.toString(), actual.toString());
  }

  final boolean isOracle() {
    Path raw = route.from().root();
    return at(raw) == raw;
  }

  /** Does what a row says twice and lets the oracle alone say what is right. */
  final void compare(Row row) throws IOException {
    String expected = oracle(row, route).toString();
    if (!isOracle()) {
      assertEquals(expected, trace(row, route, this::at).toString(), row.name());
    }
  }

  /** Does what a copy's row says with the oracle, and has a new JVM do it. */
  final void compare(FirstCopy copy, ChildJvm jvm) throws IOException {
    Row row = copy.row();
    Trace expected = oracle(row, route);
    try (Sandbox s = sandbox()) {
      row.layOut(s);
      String outcome = copy.runIn(jvm, s);
      assertEquals(expected.toString(), outcome + "\n\n" + s.snapshot(), row.name());
    }
  }

  private static Trace oracle(Row row, Route on) throws IOException {
    return Stock.alone(() -> trace(row, on, UnaryOperator.identity()));
  }

  private static Trace trace(Row row, Route on, UnaryOperator<Path> at) throws IOException {
    try (Sandbox sandbox = Sandbox.create(on, at)) {
      row.layOut(sandbox);
      Outcome outcome = Outcome.of(row.operation(), sandbox).named("FROM/a", "TO/b");
      return new Trace(outcome, sandbox.observed(), sandbox.snapshot());
    }
  }

  private record Trace(Outcome outcome, String observed, String after) {
    @Override
    public String toString() {
      return outcome + "\n" + observed + "\n" + after;
    }
  }
}
