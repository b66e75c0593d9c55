package dev.copyoffload.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.NativeCode;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on real files, with single calls made to fail. */
class FileCopyOnDiskTest {
  private static final CopyPolicy PLAIN = new CopyPolicy(false, false, true, false);

  @TempDir Path dir;

  private SystemCalls calls = mock(SystemCalls.class);
  private Path source = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    calls = mock(SystemCalls.class, delegatesTo(NativeCode.require()));
    source = dir.resolve("source");
    target = dir.resolve("target");
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    Files.write(source, bytes);
    // No clone, wherever the directory is: the calls behind it are meant.
    doReturn(-Errno.EOPNOTSUPP.number()).when(calls).ficlone(anyInt(), anyInt());
  }

  @Test
  void testCopy() throws IOException {
    assertTrue(ByPath.copy(new FileCopy(calls), source, target, PLAIN));
    assertEquals(-1, Files.mismatch(source, target));
    verify(calls, atLeastOnce()).spliceIn(anyInt(), anyLong(), anyInt(), anyLong(), anyInt());
  }

  @Test
  void testCopy_spliceAndSendfileRefused() throws IOException {
    doReturn(-Errno.EINVAL.number()).when(calls).pipe(any());
    doReturn(-(long) Errno.EPERM.number())
        .when(calls)
        .sendfile(anyInt(), anyInt(), anyLong(), anyLong());
    assertTrue(ByPath.copy(new FileCopy(calls), source, target, PLAIN));
    assertEquals(-1, Files.mismatch(source, target));
  }

  @Test
  void testCopy_diskFull() {
    doReturn(-(long) Errno.ENOSPC.number())
        .when(calls)
        .spliceOut(anyInt(), anyInt(), anyLong(), anyLong(), anyInt());
    assertTrue(assertFails().endsWith("No space left on device"));
  }

  @Test
  void testCopy_lengthCannotBeSet() throws IOException {
    // A hole at the end, which only the length can make.
    try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(64L << 20);
    }
    doReturn(-Errno.EFBIG.number()).when(calls).ftruncate(anyInt(), anyLong());
    assertFails();
  }

  /** Within one file system JDK 20 and later name no file. */
  private String assertFails() {
    IOException failure =
        assertThrows(
            IOException.class, () -> ByPath.copy(new FileCopy(calls), source, target, PLAIN));
    assertEquals(
        Capability.JDK_SHARES ? IOException.class : FileSystemException.class, failure.getClass());
    assertFalse(Files.exists(target));
    return String.valueOf(failure.getMessage());
  }

  /** Names that are no text in any charset. */
  @Test
  void testCopy_rawNames() throws IOException {
    Path from = Path.of(URI.create(dir.toUri() + "%FF%FE%20a%25"));
    Path to = Path.of(URI.create(dir.toUri() + "%C3%28-%80"));
    Files.copy(source, from);
    assertTrue(ByPath.copy(new FileCopy(calls), from, to, PLAIN));
    assertEquals(-1, Files.mismatch(source, to));
    try (var names = Files.list(dir)) {
      assertEquals(3, names.count());
    }
  }
}
