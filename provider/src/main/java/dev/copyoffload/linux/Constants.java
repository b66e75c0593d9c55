package dev.copyoffload.linux;

/**
 * Numbers from the kernel's headers; on the architectures that {@link Platform} loads all but a few
 * are the same.
 */
public final class Constants {
  static final int R_OK = 4;

  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_APPEND = 0x400;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_DSYNC = 0x1000;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;

  /** With {@link #O_NOFOLLOW} the flags that differ: Arm and POWER have their own. */
  public static final int O_DIRECTORY;

  public static final int O_NOFOLLOW;

  static {
    boolean own = SystemCall.POWER || System.getProperty("os.arch", "").equals("aarch64");
    O_DIRECTORY = own ? 0x4000 : 0x10000;
    O_NOFOLLOW = own ? 0x8000 : 0x20000;
    // "Write" is another bit there; those that read and write have both.
    long write = SystemCall.POWER ? 0x80000000L : 0x40000000L;
    FICLONE = write | 0x49409;
    FICLONERANGE = write | 0x20940D;
  }

  /** An unnamed file. */
  public static final int O_TMPFILE = 0x400000 | O_DIRECTORY;

  public static final int S_IFMT = 0xF000;
  public static final int S_IFLNK = 0xA000;
  public static final int S_IFREG = 0x8000;
  public static final int S_IFDIR = 0x4000;
  public static final int PERMISSION_BITS = 0xFFF;
  public static final int STICKY = 0x200;
  public static final int SET_USER_OR_GROUP = 0xC00;
  public static final int ALL_OF_OWNER = 0x1C0;
  public static final int READABLE_BY_OWNER = 0x100;
  public static final int READABLE_BY_ALL = 0x124;

  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  public static final int AT_SYMLINK_FOLLOW = 0x400;
  public static final int AT_EMPTY_PATH = 0x1000;

  public static final int SEEK_SET = 0;
  public static final int SEEK_CUR = 1;
  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;

  public static final int F_GETFL = 3;
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int F_SETPIPE_SZ = 1031;

  public static final int SPLICE_F_MOVE = 1;

  public static final int FALLOC_FL_KEEP_SIZE = 1;
  public static final int FALLOC_FL_PUNCH_HOLE = 2;

  static final int RENAME_NOREPLACE = 1;

  static final int STATX_BASIC_STATS = 0x7FF;
  static final int STATX_BTIME = 0x800;

  static final long FICLONE;
  static final long FICLONERANGE;
  static final long FIDEDUPERANGE = 0xC0189436L;

  private Constants() {}
}
