package dev.copyoffload.weave.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassFileTest {
  /** Each text of a loop must be found by its length and its end, and none is dispensable. */
  @ParameterizedTest
  @CsvSource({
    "([B)I, java/io/InputStream, java/io/OutputStream",
    "([BII)I, java/io/InputStream, java/io/OutputStream",
    "([B)I, java/io/FileInputStream, java/io/FileOutputStream",
    "([BII)I, java/io/BufferedInputStream, java/io/BufferedOutputStream",
  })
  void testMayCopy_loop(String read, String input, String output) throws IOException {
    List<String> texts = List.of("read", read, "write", "([BII)V", input, output);
    assertTrue(mayCopy(texts));
    for (String text : texts) {
      List<String> others = new ArrayList<>(texts);
      others.remove(text);
      assertFalse(mayCopy(others), text);
      others.add(text.replace('r', 'b').replace('B', 'C').replace('O', 'P').replace('I', 'J'));
      assertFalse(mayCopy(others), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(Ljava/io/OutputStream;)J",
        "(Ljava/io/InputStream;Ljava/nio/file/Path;[Ljava/nio/file/CopyOption;)J",
      })
  void testMayCopy_transfer(String descriptor) throws IOException {
    assertTrue(mayCopy(List.of(descriptor)));
    assertFalse(mayCopy(List.of(descriptor.replace(')', '('))));
  }

  /** From 18 on what Files opens asks by itself. */
  @Test
  void testMayCopy_ofFiles() throws IOException {
    assertEquals(
        Runtime.version().feature() < 18,
        mayCopy(List.of("(Ljava/nio/file/Path;Ljava/io/OutputStream;)J")));
  }

  /** Constants of all kinds stand between texts. */
  private static boolean mayCopy(List<String> texts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0xCAFEBABE);
    out.writeInt(61);
    out.writeShort(4 + 6 * texts.size());
    out.writeByte(1);
    out.writeUTF("");
    for (String text : texts) {
      out.writeByte(1);
      out.writeUTF(text);
      out.writeByte(1);
      out.writeUTF("\u00e9".repeat(text.length() / 2));
      out.writeByte(5);
      out.writeLong(-1);
      out.writeByte(15);
      out.write(new byte[3]);
      out.writeByte(10);
      out.writeInt(0);
    }
    out.writeByte(7);
    out.writeShort(1);
    out.writeByte(8);
    out.writeShort(1);
    return ClassFile.mayCopy(bytes.toByteArray());
  }
}
