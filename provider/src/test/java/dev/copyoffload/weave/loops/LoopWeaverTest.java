package dev.copyoffload.weave.loops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops that copy are recognised, others are not, and with a call in front they do the same. */
class LoopWeaverTest {
  private static final int ALL = Integer.MAX_VALUE;

  /** Where a class file has the lower byte of its version. */
  private static final int VERSION = 7;

  private static final List<Samples.Sample> SAMPLES = Samples.all();
  private static final byte[] CLASS_FILE = Samples.compile(SAMPLES);
  private static final byte[] WOVEN = Woven.weave(CLASS_FILE);

  @Test
  void testWeave_copiesAndNothingElse() {
    Set<String> copies = new TreeSet<>();
    SAMPLES.stream().filter(Samples.Sample::isCopy).forEach(sample -> copies.add(sample.name()));
    Set<String> woven = Woven.methods(WOVEN);
    assertEquals(List.of(), copies.stream().filter(name -> !woven.contains(name)).toList());
    assertEquals(List.of(), woven.stream().filter(name -> !copies.contains(name)).toList());
    assertTrue(copies.size() >= 200 && SAMPLES.size() - copies.size() >= 200);
  }

  @Test
  void testWovenLoops_doTheSame() throws ReflectiveOperationException {
    Class<?> stock = Woven.load(Samples.CLASS_NAME, CLASS_FILE);
    Class<?> woven = Woven.load(Samples.CLASS_NAME, WOVEN);
    List<Trial> trials = trials();
    Set<String> asking = Woven.methods(WOVEN);
    for (Samples.Sample sample : SAMPLES) {
      if (!asking.contains(sample.name())) {
        continue;
      }
      Method expected = Woven.method(stock, sample.name());
      Method actual = Woven.method(woven, sample.name());
      Trial.Hook.calls = 0;
      for (Trial trial : trials) {
        assertEquals(trial.run(expected), trial.run(actual), () -> sample.source() + trial);
      }
      assertTrue(Trial.Hook.calls > 0, sample::source);
    }
  }

  private static List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    for (int rounds : new int[] {0, 2, ALL}) {
      for (int most : new int[] {ALL, 3}) {
        for (int length : new int[] {0, 1, 8, 9, 43}) {
          trials.add(new Trial(length, 8, most, 0, 0, 0, false, rounds));
        }
        for (int place : new int[] {1, 2, 4}) {
          trials.add(new Trial(43, 8, most, place, 0, 0, false, rounds));
          trials.add(new Trial(43, 8, most, 0, place, 0, false, rounds));
          trials.add(new Trial(43, 8, most, 0, 0, place, false, rounds));
          trials.add(new Trial(43, 8, most, place + 1, 0, place, true, rounds));
        }
        trials.add(new Trial(43, 8, most, 0, 0, 0, true, rounds));
        trials.add(new Trial(7, 1, most, 0, 0, 0, false, rounds));
      }
      trials.add(new Trial(20, 0, ALL, 0, 0, 0, false, rounds));
    }
    return trials;
  }

  @Test
  void testWeave_ofAVersionToCome() {
    byte[] toCome = CLASS_FILE.clone();
    toCome[VERSION] = 90;
    byte[] expected = WOVEN.clone();
    expected[VERSION] = 90;
    assertArrayEquals(expected, new LoopWeaver(Woven.HOOK).weave(toCome));
  }

  @Test
  void testWeave_ofAnythingElse() throws IOException {
    LoopWeaver weaver = new LoopWeaver(Woven.HOOK);
    assertNull(weaver.weave(new byte[0]));
    assertNull(weaver.weave(Arrays.copyOf(CLASS_FILE, 1_000)));
    assertNull(weaver.weave(Arrays.copyOf(CLASS_FILE, CLASS_FILE.length - 1_000)));
    for (Class<?> type : List.of(Object.class, String.class, Trial.class, LoopWeaverTest.class)) {
      assertNull(weaver.weave(bytes(type)), type::getName);
    }
  }

  /** The JVM would refuse these, but only later. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void testWeave_ofSwitchesThatLeadBack(boolean isTable) {
    int key = 0x1234567;
    String cases =
        "switch (n) { case KEY: m = 1; case KEY + 1: m = 2; case KEY + MORE: m = 3; }"
            .replace("KEY", "" + key)
            .replace("MORE", isTable ? "2" : "99");
    String loop = " while ((n = in.read(buf)) > 0) out.write(buf, 0, n); ";
    String method = "static int copy_(InputStream in, OutputStream out, byte[] buf, int n, int m) ";
    LoopWeaver weaver = new LoopWeaver(Woven.HOOK);
    for (String code : List.of(cases + loop, loop + cases, loop + cases + loop)) {
      String source = method + "throws IOException { " + code + " return m; }";
      byte[] sound = Samples.compile(List.of(new Samples.Sample("copy_", source, true)));
      assertNotNull(weaver.weave(sound));
      ByteBuffer patched = ByteBuffer.wrap(sound);
      int at = 0;
      while (patched.getInt(at) != key) {
        at++;
      }
      for (int count = -50; count < 0; count++) {
        patched.putInt(isTable ? at + 4 : at - 4, isTable ? key + count - 1 : count);
        assertNull(weaver.weave(sound), code + count);
      }
      for (int count : new int[] {99_999, 1 << 29, 1 << 30, Integer.MAX_VALUE - key}) {
        patched.putInt(isTable ? at + 4 : at - 4, isTable ? key + count : count);
        assertNull(weaver.weave(sound), code + count);
      }
    }
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String name = "/" + type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
