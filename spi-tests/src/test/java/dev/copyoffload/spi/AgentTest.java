package dev.copyoffload.spi;

import org.junit.jupiter.api.Nested;

/** The provider in programs that know nothing of it, installed by the agent. */
final class AgentTest {
  @Nested
  final class UnmodifiedProgram extends UnmodifiedProgramContract implements StockTest.Itself {
    @Override
    String[] flags() {
      String agent = "-javaagent:" + System.getProperty("copyoffload.test.agent");
      // Later JDKs say on standard error that native code is loaded, unless that is allowed.
      return Runtime.version().feature() < 24
          ? new String[] {agent}
          : new String[] {agent, "--enable-native-access=ALL-UNNAMED"};
    }
  }
}
