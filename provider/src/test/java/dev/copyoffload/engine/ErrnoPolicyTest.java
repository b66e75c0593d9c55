package dev.copyoffload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.Errno;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The errno table, said a second time and on its own. */
class ErrnoPolicyTest {
  /** No method can do better: the disk is full, or the request makes no sense. */
  static final Set<Errno> TERMINAL =
      EnumSet.of(Errno.ENOSPC, Errno.EDQUOT, Errno.ENOMEM, Errno.EISDIR, Errno.EROFS, Errno.EFAULT);

  /** Means "not this way" only where nothing has been copied. */
  static final Set<Errno> TERMINAL_AFTER_PROGRESS =
      EnumSet.of(Errno.EPERM, Errno.ENOENT, Errno.EIO);

  static final Set<Errno> ALWAYS_NEXT =
      EnumSet.of(
          Errno.ENOSYS,
          Errno.EOPNOTSUPP,
          Errno.ENOTTY,
          Errno.EXDEV,
          Errno.EINVAL,
          Errno.EBADF,
          Errno.EACCES,
          Errno.ETXTBSY,
          Errno.EFBIG,
          Errno.EOVERFLOW,
          Errno.EAGAIN,
          Errno.EMFILE,
          Errno.ENFILE);

  private static final List<CopyMethod> MOVING =
      List.of(new CopyFileRange(), new Splice(new Pool<>(1)), new Sendfile());
  private static final CopyMethod SHARING = new Reflink();
  private static final List<CopyMethod> LAST =
      List.of(new ReadWrite(new Buffers(1)), new OverlappingCopy(new Buffers(1)));

  @Test
  void testExpectations_contradictNoOther() {
    Set<Errno> all = EnumSet.copyOf(TERMINAL);
    all.addAll(TERMINAL_AFTER_PROGRESS);
    all.addAll(ALWAYS_NEXT);
    assertEquals(TERMINAL.size() + TERMINAL_AFTER_PROGRESS.size() + ALWAYS_NEXT.size(), all.size());
    assertTrue(!all.contains(Errno.EINTR));
  }

  @ParameterizedTest
  @EnumSource
  void testMoving_atFirst(Errno errno) {
    boolean expected = TERMINAL.contains(errno);
    for (CopyMethod method : MOVING) {
      assertEquals(expected, ErrnoPolicy.isFinal(method, errno, false), method.label());
    }
  }

  @ParameterizedTest
  @EnumSource
  void testMoving_afterProgress(Errno errno) {
    boolean expected = TERMINAL.contains(errno) || TERMINAL_AFTER_PROGRESS.contains(errno);
    for (CopyMethod method : MOVING) {
      assertEquals(expected, ErrnoPolicy.isFinal(method, errno, true), method.label());
    }
  }

  @ParameterizedTest
  @EnumSource
  void testSharing(Errno errno) {
    assertFalse(ErrnoPolicy.isFinal(SHARING, errno, false));
    assertFalse(ErrnoPolicy.isFinal(SHARING, errno, true));
  }

  @ParameterizedTest
  @EnumSource
  void testLast_alwaysFails(Errno errno) {
    for (CopyMethod last : LAST) {
      assertTrue(ErrnoPolicy.isFinal(last, errno, false));
      assertTrue(ErrnoPolicy.isFinal(last, errno, true));
    }
  }

  @Test
  void testUnknownErrno() {
    assertFalse(ErrnoPolicy.isFinal(SHARING, null, false));
    assertFalse(ErrnoPolicy.isFinal(MOVING.get(0), null, true));
    assertTrue(ErrnoPolicy.isFinal(LAST.get(0), null, false));
  }
}
