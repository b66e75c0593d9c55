package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.STATX_BTIME;
import static dev.copyoffload.linux.Constants.S_IFDIR;
import static dev.copyoffload.linux.Constants.S_IFLNK;
import static dev.copyoffload.linux.Constants.S_IFMT;
import static dev.copyoffload.linux.Constants.S_IFREG;

import java.util.List;

/**
 * What statx(2) says of a file.
 *
 * @param hasBirthTime whether the file system keeps one, as those do that store files
 * @param blockSize bytes that it allocates at once, or on a network that it likes to transfer
 * @param device major and minor number in one
 * @param links how many names it has
 * @param mode type and permission bits
 * @param size bytes
 * @param blocks allocated units of 512 bytes
 * @param accessSeconds since the epoch, with {@code accessNanos}
 * @param changedSeconds since the epoch, with {@code changedNanos}; nobody can set these
 * @param modifiedSeconds since the epoch, with {@code modifiedNanos}
 */
public record FileStatus(
    boolean hasBirthTime,
    long blockSize,
    long device,
    long inode,
    int links,
    int mode,
    int user,
    int group,
    long size,
    long blocks,
    long accessSeconds,
    int accessNanos,
    long changedSeconds,
    int changedNanos,
    long modifiedSeconds,
    int modifiedNanos) {

  /** The size of struct statx in bytes. */
  public static final int STRUCT_SIZE = 256;

  /** Parses a struct statx as the kernel filled it. */
  public static FileStatus of(byte[] struct) {
    Struct in = new Struct(struct);
    return new FileStatus(
        (in.intAt(0) & STATX_BTIME) != 0,
        in.unsignedIntAt(4),
        in.unsignedIntAt(136) << 32 | in.unsignedIntAt(140),
        in.longAt(32),
        in.intAt(16),
        in.shortAt(28),
        in.intAt(20),
        in.intAt(24),
        in.longAt(40),
        in.longAt(48),
        in.longAt(64),
        in.intAt(72),
        in.longAt(96),
        in.intAt(104),
        in.longAt(112),
        in.intAt(120));
  }

  public boolean isRegularFile() {
    return (mode & S_IFMT) == S_IFREG;
  }

  public boolean isDirectory() {
    return (mode & S_IFMT) == S_IFDIR;
  }

  public boolean isSymbolicLink() {
    return (mode & S_IFMT) == S_IFLNK;
  }

  /** What identifies the file while it is there; compared by {@code equals}. */
  public Object key() {
    return List.of(device, inode);
  }

  /** The same, and what a file that later has the number cannot have. */
  public Object lastingKey() {
    return List.of(device, inode, changedSeconds, changedNanos);
  }

  public boolean isSameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }

  /**
   * Whether fewer bytes are allocated than the file is long: a hole, compression or inline data.
   */
  public boolean mayHaveHoles() {
    return blocks < (size + 511) >>> 9;
  }
}
