package dev.copyoffload.linux;

/**
 * The numbers of the system calls in use: x86-64 has a table of its own, the other architectures
 * share the generic one; see asm/unistd_64.h and asm-generic/unistd.h.
 */
final class SystemCall {
  private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

  static final long CLOSE = number(3, 57);
  static final long LSEEK = number(8, 62);
  static final long IOCTL = number(16, 29);
  static final long PREAD64 = number(17, 67);
  static final long PWRITE64 = number(18, 68);
  static final long SENDFILE = number(40, 71);
  static final long FCNTL = number(72, 25);
  static final long FTRUNCATE = number(77, 46);
  static final long FCHMOD = number(91, 52);
  static final long FCHOWN = number(93, 55);
  static final long FSTATFS = number(138, 44);
  static final long FSETXATTR = number(190, 7);
  static final long FGETXATTR = number(193, 10);
  static final long FLISTXATTR = number(196, 13);
  static final long OPENAT = number(257, 56);
  static final long MKDIRAT = number(258, 34);
  static final long UNLINKAT = number(263, 35);
  static final long LINKAT = number(265, 37);
  static final long SPLICE = number(275, 76);
  static final long UTIMENSAT = number(280, 88);
  static final long FALLOCATE = number(285, 47);
  static final long PIPE2 = number(293, 59);
  static final long RENAMEAT2 = number(316, 276);
  static final long COPY_FILE_RANGE = number(326, 285);
  static final long STATX = number(332, 291);

  private SystemCall() {}

  private static long number(long x86, long generic) {
    return X86 ? x86 : generic;
  }
}
