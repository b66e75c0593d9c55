package dev.copyoffload.weave.loops;

import java.io.StringWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Loops as they are written, and the same loops with one thing that makes them no plain copy. */
final class Samples {
  static final String CLASS_NAME = "CopyLoops";

  /**
   * A method of the class.
   *
   * @param isCopy whether its loop is to be recognised
   */
  record Sample(String name, String source, boolean isCopy) {}

  private static final String WRITING_FIRST =
      "int n = 0; do { WRITE AFTER n = READ; } while (n COND);";

  /** COND is for {@code n}, READ and WRITE are done with it, AFTER follows a write. */
  private static final Map<String, String> SHAPES =
      Map.of(
          "assigning", "int n; while ((n = READ) COND) { WRITE AFTER }",
          "mirrored", "int n; while (-1 != (n = READ)) { WRITE AFTER }",
          "breaking", "for (;;) { int n = READ; if (!(n COND)) break; WRITE AFTER }",
          "doing", "int n; do { n = READ; if (n > 0) { WRITE AFTER } } while (n COND);",
          "rotated", "int n = READ; while (n COND) { WRITE AFTER n = READ; }",
          "writingFirst", WRITING_FIRST,
          "continuing",
              "while (true) { int n = READ; if (n COND) { WRITE AFTER continue; } break; }",
          "updating", "for (int n; (n = READ) COND; count += n) { WRITE }",
          "nested",
              "for (int i = 0; i < 2; i++) { int n; while ((n = READ) COND) { WRITE AFTER } }",
          "asking", "int n; while ((n = READ) COND) { if (n == 0) continue; WRITE AFTER }");

  private static final String FIRST_READ_OUTSIDE =
      "int n = READ; try { while (n COND) { WRITE AFTER n = READ; } }"
          + " catch (IOException e) { count += 1000; }";

  private static final String[] FIRST_ROUND_DIFFERS = {
    "zeroTakesOther", "WRITE", "if (n < 1) out = second; out.write(buf, 0, n);"
  };

  private static final String WHILE = "int n; while ((n = READ) COND) { WRITE AFTER }";

  /** What a switch leads to: a name, and the loop. */
  private static final String[][] BEHIND_SWITCHES = {
    {"table", "switch (size) { case 7: case 8: small = 0; case 9: default: " + WHILE + " }"},
    {"lookup", "switch (size) { case 0: case 8: small = 0; default: " + WHILE + " }"},
    {"left", "switch (size) { case 0: case 8: small = 0; break; default: } " + WHILE},
    {
      "leftText",
      "switch (\"\" + size) { case \"8\": small = 0; break; case \"1\": count = 0; } " + WHILE
    }
  };

  /** The same where nothing falls to the loop, and so nothing can be put in front of it. */
  private static final String[][] FIRST_CASES = {
    {"table", "switch (size) { case 7: case 8: case 9: " + WHILE + " break; default: small = 1; }"},
    {"lookup", "switch (size) { case 8: " + WHILE + " case 1000: break; default: small = 1; }"},
    {"text", "switch (\"\" + size) { case \"8\": " + WHILE + " break; case \"1\": small = 1; }"},
    {
      "expression",
      "last = switch (size) { case 8 -> { " + WHILE + " yield 1; } case 1 -> 2; default -> 3; };"
    }
  };

  private static final String ALIASED =
      "byte[] seen = null; while (true) { seen = buf; int n = READ; if (n < 0) break; WRITE AFTER }";

  /** With a second stream that looks at all of the array. */
  private static final String RETARGETED =
      "for (int i = 0; i < 2; i++) { InputStream from = i == 0 ? in : other;"
          + " OutputStream to = i == 0 ? out : second; int n;"
          + " while ((n = from.read(buf)) COND) { to.write(buf, 0, n); AFTER } }";

  static final String DESCRIPTOR =
      "(Ljava/io/InputStream;Ljava/io/OutputStream;[BLjava/io/OutputStream;Ljava/io/InputStream;"
          + "Ljava/lang/Runnable;I)J";

  private static final String METHOD =
      "static long NAME(InputStream in, OutputStream out, byte[] given, OutputStream second,"
          + " InputStream other, Runnable listener, int size) throws IOException {"
          + " long count = 0; int small = 0; int last = 3; int rounds = 0; BEFORE"
          + " OPEN LOOP CLOSE"
          + " return RESULT; }";

  private static final String[] DEFAULTS = {
    "READ", "in.read(buf)",
    "WRITE", "out.write(buf, 0, n);",
    "AFTER", "count += n;",
    "COND", "!= -1",
    "BEFORE", "byte[] buf = new byte[size];",
    "OPEN", "",
    "CLOSE", "",
    "RESULT", "count"
  };

  /** What is still a copy: a name, and what is put in the place of what. */
  private static final String[][] COPIES = {
    {"plain"},
    {"notNegative", "COND", ">= 0"},
    {"positive", "COND", "> 0"},
    {"aboveMinusOne", "COND", "> -1"},
    {"range", "READ", "in.read(buf, 0, buf.length)"},
    {"rangeOfSize", "READ", "in.read(buf, 0, size)"},
    {"rangeOfConstant", "READ", "in.read(buf, 0, 5)"},
    {"tooLarge", "READ", "in.read(buf, 0, 100000)"},
    {"given", "BEFORE", "byte[] buf = given;"},
    {"givenKept", "READ", "in.read(given)", "WRITE", "out.write(given, 0, n);"},
    {"fresh", "BEFORE", "byte[] buf = fresh();"},
    {"freshOfSize", "BEFORE", "byte[] buf = fresh(size);"},
    {"published", "BEFORE", "byte[] buf = new byte[size]; kept = buf;"},
    {"lookedAt", "BEFORE", "byte[] buf = new byte[size];", "RESULT", "count + sum(buf)"},
    {"small", "AFTER", "small += n;", "RESULT", "small"},
    {"both", "AFTER", "count += n; small += n;", "RESULT", "count * 1000 + small"},
    {"swapped", "AFTER", "count = n + count;"},
    {"none", "AFTER", ""},
    {"flushed", "WRITE", "out.write(buf, 0, n); out.flush();"},
    {"flushedAtEnd", "CLOSE", "out.flush();"},
    {"listened", "AFTER", "count += n; if (listener != null) listener.run();"},
    {"listenedToMore", "AFTER", "count += n; if (n > 0 && listener != null) listener.run();"},
    {"checked", "BEFORE", "byte[] buf = new byte[size]; java.util.Objects.requireNonNull(in);"},
    {"closing", "OPEN", "try {", "CLOSE", "} finally { in.close(); out.close(); }"},
    {"swallowing", "OPEN", "try {", "CLOSE", "} catch (IOException e) { count += 1000; }"},
    {
      "rethrowing",
      "OPEN",
      "try {",
      "CLOSE",
      "} catch (IOException e) { throw new IOException(\"\" + count, e); }"
    },
    {"locking", "OPEN", "synchronized (out) {", "CLOSE", "}"},
    {"endingOneByOne", "CLOSE", "for (int c; (c = in.read()) != -1; ) out.write(c);"},
    {"targetChecked", "WRITE", "if (out != null) out.write(buf, 0, n);"}
  };

  /** What is none, or not known to be one. */
  private static final String[][] ALMOST = {
    {"whole", "WRITE", "out.write(buf, 0, buf.length);"},
    {"wholeArray", "WRITE", "out.write(buf);"},
    {"fromOne", "WRITE", "out.write(buf, 1, n);"},
    {"oneLess", "WRITE", "out.write(buf, 0, n - 1);"},
    {"oneMore", "WRITE", "out.write(buf, 0, n + 1);"},
    {"transformed", "WRITE", "buf[0] ^= 1; out.write(buf, 0, n);"},
    {"transformedLater", "AFTER", "count += n; buf[0] ^= 1;"},
    {"looking", "AFTER", "count += n; last += buf[0];", "RESULT", "last"},
    {"skipping", "WRITE", "in.skip(1); out.write(buf, 0, n);"},
    {"readingOne", "WRITE", "in.read(); out.write(buf, 0, n);"},
    {"twice", "WRITE", "out.write(buf, 0, n); out.write(buf, 0, n);"},
    {"two", "WRITE", "out.write(buf, 0, n); second.write(buf, 0, n);"},
    {"never", "WRITE", ""},
    {"otherTarget", "WRITE", "out.write(buf, 0, n); out = second;"},
    {"otherSource", "AFTER", "count += n; if (count > 9) in = other;"},
    {
      "otherBuffer",
      "BEFORE",
      "byte[] buf = new byte[size]; byte[] b2 = new byte[size];",
      "WRITE",
      "out.write(b2, 0, n);"
    },
    {"newBuffer", "WRITE", "out.write(buf, 0, n); buf = new byte[size];"},
    {"nullBuffer", "WRITE", "out.write(buf, 0, n); buf = null;"},
    {"toElsewhere", "READ", "in.read(buf, 1, buf.length - 1)"},
    {"shrinking", "READ", "in.read(buf, 0, size)", "AFTER", "count += n; size = n;"},
    {
      "growingLength",
      "BEFORE",
      "byte[] buf = new byte[size]; small = 1;",
      "READ",
      "in.read(buf, 0, small)",
      "AFTER",
      "small += n;"
    },
    {"counting", "AFTER", "count++;"},
    {"countingRounds", "AFTER", "count += n; rounds++;", "RESULT", "rounds"},
    {"countingTooMuch", "AFTER", "count += n + 1;"},
    {"countingTwice", "AFTER", "count += n; count += n;"},
    {"countingDown", "AFTER", "count -= n;"},
    {"countingLength", "AFTER", "count += buf.length;"},
    {"countingInField", "AFTER", "total += n;", "RESULT", "total"},
    {"multiplying", "AFTER", "count = count * 31 + n;"},
    {"crossed", "AFTER", "count = small + n; small += n;"},
    {"remembering", "AFTER", "count += n; last = n;", "RESULT", "last"},
    {
      "rememberingIfThrown",
      "AFTER",
      "last = n;",
      "OPEN",
      "try {",
      "CLOSE",
      "} catch (IOException e) { return last; }"
    },
    {"shortEnds", "AFTER", "count += n; if (n < buf.length) break;"},
    {"fullOnly", "AFTER", "if (n == buf.length) count += n;"},
    {"limited", "AFTER", "count += n; if (count > 20) break;"},
    {"returning", "AFTER", "count += n; if (count > 20) return -1;"},
    {"sevenSkipped", "WRITE", "if (n != 7) out.write(buf, 0, n);"},
    {"moreThanOne", "WRITE", "if (n > 1) out.write(buf, 0, n);"},
    {"listenedAlways", "AFTER", "count += n; listener.run();"},
    {"listenedIfAbsent", "AFTER", "count += n; if (listener == null) fresh();"},
    {"interruptible", "AFTER", "count += n; if (Thread.interrupted()) throw new IOException();"},
    {"digesting", "AFTER", "count += n; crc.update(buf, 0, n);"},
    {"lockingEach", "WRITE", "synchronized (out) { out.write(buf, 0, n); }"},
    {"flushedOther", "WRITE", "out.write(buf, 0, n); second.flush();"},
    {"flushedFirst", "WRITE", "out.flush(); out.write(buf, 0, n);"},
    {"closed", "WRITE", "out.write(buf, 0, n); out.close();"},
    {"wrapping", "WRITE", "new java.io.BufferedOutputStream(out).write(buf, 0, n);"},
    {"sameStream", "WRITE", "second.write(buf, 0, n); out.write(buf, 0, 0);"},
    {"secondChecked", "WRITE", "if (second != null) out.write(buf, 0, n);"},
    {"ofOther", "READ", "other.read(buf, 0, in.read(buf))"}
  };

  private Samples() {}

  static List<Sample> all() {
    List<Sample> samples = new ArrayList<>();
    SHAPES.forEach(
        (shape, loop) -> {
          for (String[] copy : COPIES) {
            add(samples, shape, loop, copy, true);
          }
          for (String[] almost : ALMOST) {
            add(samples, shape, loop, almost, false);
          }
        });
    samples.add(sample("caughtLater", FIRST_READ_OUTSIDE, COPIES[0], false));
    samples.add(sample("writingFirst", WRITING_FIRST, FIRST_ROUND_DIFFERS, false));
    for (String[] loop : BEHIND_SWITCHES) {
      samples.add(sample("behind_" + loop[0], loop[1], COPIES[0], true));
    }
    for (String[] loop : FIRST_CASES) {
      samples.add(sample("first_" + loop[0], loop[1], COPIES[0], false));
    }
    samples.add(
        sample("aliased", ALIASED, new String[] {"seen", "RESULT", "count + sum(seen)"}, true));
    samples.add(sample("retargeted", RETARGETED, COPIES[0], true));
    samples.sort(Comparator.comparing(Sample::name));
    return samples;
  }

  private static void add(
      List<Sample> samples, String shape, String loop, String[] changes, boolean isCopy) {
    // In one shape the count is elsewhere, and two say themselves how they end.
    List<String> changed = List.of(changes);
    if ((!changed.contains("AFTER") || loop.contains("AFTER"))
        && (!changed.contains("COND") || loop.contains("COND"))) {
      samples.add(sample(shape, loop, changes, isCopy));
    }
  }

  private static Sample sample(String shape, String loop, String[] changes, boolean isCopy) {
    Map<String, String> parts = new HashMap<>();
    for (int i = 0; i < DEFAULTS.length; i += 2) {
      parts.put(DEFAULTS[i], DEFAULTS[i + 1]);
    }
    for (int i = 1; i < changes.length; i += 2) {
      parts.put(changes[i], changes[i + 1]);
    }
    String name = shape + "_" + changes[0];
    String source = METHOD.replace("LOOP", loop).replace("NAME", name);
    for (Map.Entry<String, String> part : parts.entrySet()) {
      source = source.replace(part.getKey(), part.getValue());
    }
    return new Sample(name, source, isCopy);
  }

  /** The class file of a class with these methods. */
  static byte[] compile(List<Sample> samples) {
    StringBuilder source = new StringBuilder(1 << 16);
    source
        .append("import java.io.*;\npublic class " + CLASS_NAME + " {\n")
        .append("static byte[] kept; static long total;\n")
        .append("static final java.util.zip.CRC32 crc = new java.util.zip.CRC32();\n")
        .append("static byte[] fresh() { return fresh(6); }\n")
        .append("static byte[] fresh(int size) { return new byte[size]; }\n")
        .append(
            "static int sum(byte[] b) { int s = 0; for (byte x : b) s = s * 31 + x; return s; }\n");
    samples.forEach(sample -> source.append(sample.source()).append('\n'));
    return compile(source.append('}').toString());
  }

  private static byte[] compile(String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Output output = new Output();
    StringWriter messages = new StringWriter();
    JavaFileManager files =
        new ForwardingJavaFileManager<JavaFileManager>(
            compiler.getStandardFileManager(null, null, null)) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return output;
          }
        };
    boolean compiled =
        compiler
            .getTask(
                messages,
                files,
                null,
                List.of("--release", "17", "-Xlint:none", "-XDstringConcat=inline"),
                null,
                List.of(new Input(source)))
            .call();
    if (!compiled) {
      throw new AssertionError(messages);
    }
    return output.bytes.toByteArray();
  }

  private static final class Input extends SimpleJavaFileObject {
    private final String source;

    Input(String source) {
      super(URI.create("string:///" + CLASS_NAME + ".java"), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source;
    }
  }

  private static final class Output extends SimpleJavaFileObject {
    private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

    Output() {
      super(URI.create("bytes:///" + CLASS_NAME + ".class"), Kind.CLASS);
    }

    @Override
    public java.io.OutputStream openOutputStream() {
      return bytes;
    }
  }
}
