package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BuffersTest {
  private final Granted buffers = new Granted();

  /** A JVM that can be told to grant nothing, at a time that stands still. */
  private static final class Granted extends Buffers {
    boolean isGranted = true;
    int asked;
    long now = -5;

    Granted() {
      super(1);
    }

    @Override
    ByteBuffer allocate(int size) {
      asked++;
      if (!isGranted) {
        throw new OutOfMemoryError("Cannot reserve direct buffer memory");
      }
      return super.allocate(size);
    }

    @Override
    long now() {
      return now;
    }
  }

  @Test
  void testTake_sizeAndAlignment() {
    ByteBuffer buffer = buffers.take();
    assertNotNull(buffer);
    assertEquals(Tuning.BUFFER, buffer.capacity());
    assertEquals(0, buffer.alignmentOffset(0, 4096));
  }

  @Test
  void testGiveBack_keepsIdle() {
    ByteBuffer buffer = buffers.take();
    assertNotNull(buffer);
    buffers.giveBack(buffer);
    assertEquals(System.identityHashCode(buffer), System.identityHashCode(buffers.take()));
    assertEquals(1, buffers.asked);
  }

  @Test
  void testRefusal_holdsForAWhile() {
    buffers.isGranted = false;
    assertNull(buffers.take());
    int asked = buffers.asked;
    buffers.isGranted = true;
    buffers.now += Tuning.REFUSAL_HOLDS_NANOS - 2;
    assertNull(buffers.take());
    assertEquals(asked, buffers.asked);
    buffers.now += 4;
    assertNotNull(buffers.take());
    assertNotNull(buffers.take());
    assertEquals(asked + 2, buffers.asked);
  }

  @Test
  void testRefusal_notWhileOneIsIdle() {
    ByteBuffer buffer = buffers.take();
    assertNotNull(buffer);
    buffers.isGranted = false;
    assertNull(buffers.take());
    buffers.giveBack(buffer);
    assertNotNull(buffers.take());
    assertNull(buffers.take());
  }
}
