package dev.copyoffload.linux;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The error numbers that this project decides on, or names in messages; see errno(3). */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  EBADF(9),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EFAULT(14),
  EEXIST(17),
  EXDEV(18),
  ENOTDIR(20),
  EISDIR(21),
  EINVAL(22),
  ENFILE(23),
  EMFILE(24),
  ENOTTY(25),
  ETXTBSY(26),
  EFBIG(27),
  ENOSPC(28),
  EROFS(30),
  ERANGE(34),
  ENAMETOOLONG(36),
  ENOSYS(38),
  ENOTEMPTY(39),
  ELOOP(40),
  EOVERFLOW(75),
  EOPNOTSUPP(95),
  EDQUOT(122),
  ECANCELED(125);

  private static final @Nullable Errno[] BY_NUMBER = new @Nullable Errno[134];

  static {
    for (Errno errno : values()) {
      BY_NUMBER[errno.number] = errno;
    }
  }

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The number that the kernel uses on the architectures supported here. */
  public int number() {
    return number;
  }

  /** Whether {@code result}, as returned by {@link SystemCalls}, is this error. */
  public boolean is(long result) {
    return result == -number;
  }

  /** The constant for a number of the kernel's, or null if nothing here decides on it. */
  public static @Nullable Errno of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** A name for any error number, such as {@code ENOSPC} or {@code errno 133}. */
  public static String nameOf(int number) {
    Errno errno = of(number);
    return errno == null ? String.format(Locale.ROOT, "errno %d", number) : errno.name();
  }
}
