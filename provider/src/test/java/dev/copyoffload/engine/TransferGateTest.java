package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who does a transfer, by its size, what its device said before, its holes and the JDK. */
class TransferGateTest {
  private static final long KIB = 1 << 10;

  private static TransferGate gate(String name) {
    return switch (name) {
      case "to 17" -> TransferGate.transferTo(false);
      case "from 17" -> TransferGate.transferFrom(false);
      case "to 25" -> TransferGate.transferTo(true);
      case "from 25" -> TransferGate.transferFrom(true);
      case "stream" -> TransferGate.STREAMS;
      case "range" -> TransferGate.RANGES;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * What becomes of so many KiB where nothing is known of the device, where sharing is slow, where
   * the device shared nothing before, and where it did not but the source has holes.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // calls  | KiB   | unknown   | slow      | refused   | refused, holes
        "to 17    | 63    | jdk       | jdk       | jdk       | jdk",
        "to 17    | 64    | share     | jdk       | jdk       | jdk",
        "to 17    | 255   | share     | jdk       | jdk       | jdk",
        "to 17    | 256   | share     | share     | jdk       | jdk",
        "to 17    | 1024  | share     | share     | jdk       | holes",
        "to 17    | 8191  | share     | share     | jdk       | holes",
        "to 17    | 8192  | share     | share     | share     | share",
        "from 17  | 63    | jdk       | jdk       | jdk       | jdk",
        "from 17  | 64    | share     | share     | move      | holes",
        "from 17  | 1023  | share     | share     | move      | holes",
        "from 17  | 1024  | share     | share     | share     | share",
        "to 25    | 1023  | jdk       | jdk       | jdk       | jdk",
        "to 25    | 1024  | share     | share     | jdk       | holes",
        "to 25    | 8192  | share     | share     | share     | share",
        "from 25  | 1023  | jdk       | jdk       | jdk       | jdk",
        "from 25  | 1024  | share     | share     | jdk       | holes",
        "from 25  | 8192  | share     | share     | share     | share",
        "stream   | 63    | jdk       | jdk       | jdk       | jdk",
        "stream   | 64    | share     | share     | move      | holes",
        "stream   | 1024  | share     | share     | share     | share",
        "range    | 64    | share     | share     | move      | move",
        "range    | 1023  | share     | share     | move      | move",
        "range    | 1024  | share     | share     | share     | share",
      })
  void testWhoDoesWhat(
      String calls, long kib, String unknown, String slow, String refused, String holes) {
    TransferGate gate = gate(calls);
    assertEquals(unknown, fate(gate, kib * KIB, false, false, 0));
    assertEquals(slow, fate(gate, kib * KIB, false, true, 0));
    assertEquals(refused, fate(gate, kib * KIB, true, false, 0));
    assertEquals(holes, fate(gate, kib * KIB, true, false, 32 * KIB));
  }

  /** As the callers ask, one after the other. */
  private static String fate(
      TransferGate gate, long length, boolean refused, boolean slow, long unallocated) {
    long holes = gate.looksForHoles(length) ? unallocated : 0;
    if (!gate.offers(length) || gate.leaves(length, refused, holes)) {
      return "jdk";
    }
    if (gate.shares(length, refused, slow)) {
      return "share";
    }
    if (TransferGate.keepsHoles(length, holes)) {
      return "holes";
    }
    return gate.moves(length) ? "move" : "jdk";
  }

  /** Whose file systems are asked whether they only move, as the JDK's own code then does. */
  @ParameterizedTest
  @CsvSource({
    "to 17, false",
    "from 17, false",
    "to 25, true",
    "from 25, true",
    "stream, false",
    "range, false"
  })
  void testJdkShares(String calls, boolean shares) {
    assertEquals(shares, gate(calls).jdkShares());
  }

  @ParameterizedTest
  @CsvSource({"65535, 32768, false", "65536, 32767, false", "65536, 32768, true"})
  void testHoles(long length, long unallocated, boolean kept) {
    assertEquals(kept, TransferGate.keepsHoles(length, unallocated));
  }

  @Test
  void testNegative() {
    new TransferGate(false, 0, 0, 0, 0);
    for (int i = 0; i < 4; i++) {
      long[] sizes = new long[4];
      sizes[i] = -1;
      assertThrows(
          IllegalArgumentException.class,
          () -> new TransferGate(false, sizes[0], sizes[1], sizes[2], sizes[3]));
    }
  }
}
