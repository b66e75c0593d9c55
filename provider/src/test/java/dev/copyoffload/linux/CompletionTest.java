package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** What is there after a definition that fails, or that comes back before it is done. */
class CompletionTest {
  private final Class<?> completion = new OfItsOwn().find();
  private final List<Integer> parts = new ArrayList<>();

  /** Has the class once more, as a new JVM does. */
  private static final class OfItsOwn extends ClassLoader {
    Class<?> find() {
      try {
        return loadClass(Completion.class.getName());
      } catch (ClassNotFoundException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Completion.class.getName())
          && !name.equals(VerificationProbe.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
      try (InputStream in = Completion.class.getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private Object call(String method) {
    try {
      return completion.getMethod(method).invoke(null);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new AssertionError(e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method, e);
    }
  }

  private boolean ask(String method) {
    return (boolean) call(method);
  }

  private void with(IntConsumer definer) throws ReflectiveOperationException {
    completion.getMethod("with", IntConsumer.class).invoke(null, definer);
  }

  private void define(int part) {
    parts.add(part);
  }

  @Test
  void testInOrder() throws ReflectiveOperationException {
    with(this::define);
    assertTrue(ask("ensure"));
    call("requireMoving");
    call("requireLoops");
    call("require");
    call("requireLoops");
    assertTrue(ask("ensureTransfers"));
    assertEquals(List.of(1, 2, 0, 3, 4), parts);
  }

  @Test
  void testWithoutAgent() {
    assertTrue(ask("ensure") && ask("ensureTransfers"));
    call("require");
    call("requireLoops");
  }

  /** A copy that is under way in another thread has what it needs; a new one is the JDK's. */
  @Test
  void testFailure_leavesWhatIsThere() throws ReflectiveOperationException {
    with(
        part -> {
          if (part > 2) {
            throw new ClassFormatError();
          }
          define(part);
        });
    assertTrue(ask("ensure"));
    call("requireMoving");
    assertThrows(LinkageError.class, () -> call("requireTransfers"));
    assertFalse(ask("ensure") || ask("ensureTransfers"));
    call("requireCore");
    call("requireMoving");
    assertThrows(LinkageError.class, () -> call("require"));
    call("requireLoops");
    assertEquals(List.of(1, 2, 0), parts);
  }

  /** Another agent looks at classes as they are defined, and may copy files meanwhile. */
  @Test
  void testWithin_isTheJdks() throws ReflectiveOperationException {
    with(
        part -> {
          define(part);
          assertFalse(ask("ensure") || ask("ensureTransfers"));
        });
    assertTrue(ask("ensure"));
    assertTrue(ask("ensureTransfers"));
    assertEquals(List.of(1, 2, 3), parts);
  }

  @Test
  void testFailure_ofLoops() throws ReflectiveOperationException {
    with(
        part -> {
          if (part == 0) {
            throw new ClassFormatError();
          }
          define(part);
        });
    assertThrows(ClassFormatError.class, () -> call("requireLoops"));
    call("requireLoops");
    assertTrue(ask("ensure"));
    assertEquals(List.of(1), parts);
  }

  /** What ran out may be there the next time. */
  @Test
  void testOverflow_isNoFailure() throws ReflectiveOperationException {
    int[] overflows = {2};
    with(
        part -> {
          if (overflows[0]-- > 0) {
            throw overflows[0] > 0 ? new StackOverflowError() : new OutOfMemoryError();
          }
          define(part);
        });
    assertFalse(ask("ensure") || ask("ensureTransfers"));
    assertTrue(ask("ensureTransfers"));
    assertEquals(List.of(1, 2, 3), parts);
  }

  /** Near the end of a stack nothing is defined, and nothing is lost. */
  @Test
  void testEndOfStack() throws Exception {
    with(this::define);
    int[] refused = {0};
    Thread deep = new Thread(null, () -> descend(0, refused), "deep", 256 << 10);
    deep.start();
    deep.join();
    assertTrue(refused[0] > 0);
    assertTrue(ask("ensure"));
    assertEquals(List.of(1), parts);
  }

  /** Asks on the way back from where the stack ends, until there is an answer. */
  private void descend(int depth, int[] refused) {
    try {
      if (depth < Integer.MAX_VALUE) {
        descend(depth + 1, refused);
      }
    } catch (StackOverflowError e) {
      // This is the last one.
    }
    try {
      if (parts.isEmpty() && !ask("ensure")) {
        refused[0]++;
      }
    } catch (StackOverflowError e) {
      // Not even asked.
    }
  }
}
