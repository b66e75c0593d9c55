package dev.copyoffload.linux;

/**
 * The numbers of the system calls in use: x86-64 and POWER have tables of their own, the other
 * architectures share the generic one; see asm/unistd_64.h and asm-generic/unistd.h.
 */
final class SystemCall {
  private static final String ARCHITECTURE = System.getProperty("os.arch", "");
  private static final boolean X86 = ARCHITECTURE.equals("amd64");
  static final boolean POWER = ARCHITECTURE.equals("ppc64le");

  static final long CLOSE = number(3, 57, 6);
  static final long LSEEK = number(8, 62, 19);
  static final long IOCTL = number(16, 29, 54);
  static final long PREAD64 = number(17, 67, 179);
  static final long PWRITE64 = number(18, 68, 180);
  static final long SENDFILE = number(40, 71, 186);
  static final long FCNTL = number(72, 25, 55);
  static final long FTRUNCATE = number(77, 46, 93);
  static final long FCHMOD = number(91, 52, 94);
  static final long FCHOWN = number(93, 55, 95);
  static final long FSTATFS = number(138, 44, 100);
  static final long FSETXATTR = number(190, 7, 211);
  static final long FGETXATTR = number(193, 10, 214);
  static final long FLISTXATTR = number(196, 13, 217);
  static final long OPENAT = number(257, 56, 286);
  static final long MKDIRAT = number(258, 34, 287);
  static final long UNLINKAT = number(263, 35, 292);
  static final long LINKAT = number(265, 37, 294);
  static final long FACCESSAT = number(269, 48, 298);
  static final long SPLICE = number(275, 76, 283);
  static final long UTIMENSAT = number(280, 88, 304);
  static final long FALLOCATE = number(285, 47, 309);
  static final long PIPE2 = number(293, 59, 317);
  static final long RENAMEAT2 = number(316, 276, 357);
  static final long COPY_FILE_RANGE = number(326, 285, 379);
  static final long STATX = number(332, 291, 383);

  /** From 424 on all architectures have the same numbers. */
  static final long CACHESTAT = 451;

  private SystemCall() {}

  private static long number(long x86, long generic, long power) {
    return X86 ? x86 : POWER ? power : generic;
  }
}
