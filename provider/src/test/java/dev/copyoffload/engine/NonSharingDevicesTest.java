package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.Errno;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal says of the devices, and for how long. */
class NonSharingDevicesTest {
  private final NonSharingDevices devices = new NonSharingDevices();

  private void refuse(Errno errno, long source, long target) {
    devices.learn(new Outcome.Declined(0, new Reason.Refused(errno.number())), source, target);
  }

  @ParameterizedTest
  @CsvSource({
    "EOPNOTSUPP, 2, true, true",
    "ENOTTY, 2, true, true",
    "EXDEV, 2, false, true",
    "EXDEV, 1, false, false",
    "EINVAL, 2, false, false",
    "EPERM, 1, false, false",
  })
  void testLearn(Errno errno, long target, boolean ofSource, boolean ofBoth) {
    refuse(errno, 1, target);
    assertEquals(ofSource, devices.contains(1));
    assertEquals(ofBoth, devices.contains(1, target));
    assertEquals(ofSource, devices.contains(1, 3));
    assertFalse(devices.contains(target, 3));
  }

  @Test
  void testLearn_nothingFromOurOwnRules() {
    devices.learn(new Outcome.Declined(0, Reason.Rule.DISABLED), 1, 1);
    assertFalse(devices.contains(1));
  }

  @Test
  void testForget_keepsTheOthers() {
    for (long device = 1; device <= 5; device++) {
      refuse(Errno.EOPNOTSUPP, device, 9);
      refuse(Errno.EXDEV, 9, device);
    }
    devices.learn(new Outcome.Completed(1), 3, 9);
    devices.learn(new Outcome.Completed(1), 9, 4);
    for (long device = 1; device <= 5; device++) {
      assertEquals(device != 3, devices.contains(device), device + "");
      assertEquals(device != 4, devices.contains(9, device), device + "");
    }
  }

  @Test
  void testFull() {
    LongStream.range(0, 2 * Tuning.REMEMBERED_DEVICES)
        .forEach(device -> refuse(Errno.ENOTTY, device / 2, 0));
    assertTrue(devices.contains(Tuning.REMEMBERED_DEVICES - 1));
    refuse(Errno.ENOTTY, Tuning.REMEMBERED_DEVICES, 0);
    assertFalse(devices.contains(Tuning.REMEMBERED_DEVICES));
  }
}
