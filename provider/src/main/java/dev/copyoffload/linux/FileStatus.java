package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.STATX_BTIME;
import static dev.copyoffload.linux.Constants.S_IFDIR;
import static dev.copyoffload.linux.Constants.S_IFLNK;
import static dev.copyoffload.linux.Constants.S_IFMT;
import static dev.copyoffload.linux.Constants.S_IFREG;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What statx(2) says of a file. Immutable; what is not asked for is not parsed.
 *
 * <p>The fields are read from longs, without calls: until it is compiled, a {@code ByteBuffer}
 * takes a microsecond a field, and to put eight bytes together takes 80 instructions. Every
 * architecture that {@link Platform} knows is little-endian.
 */
public final class FileStatus {
  /** The size of struct statx in longs. */
  public static final int LONGS = 32;

  private static final byte[] PROCESS = {'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', 0};

  private final long[] struct;

  private FileStatus(long[] struct) {
    this.struct = struct;
  }

  /** Takes a struct statx as the kernel filled it, which is nobody else's from now on. */
  public static FileStatus of(long[] struct) {
    return new FileStatus(struct);
  }

  /** A directory that the kernel says is owned by the process's effective user, or null. */
  public static @Nullable FileStatus ofProcess(SystemCalls calls) {
    return of(calls, PROCESS, true);
  }

  /** What a path names, or null if that cannot be had. */
  public static @Nullable FileStatus of(SystemCalls calls, byte[] path, boolean followLinks) {
    long[] struct = new long[LONGS];
    return calls.statx(path, followLinks, struct) < 0 ? null : of(struct);
  }

  /** An open file's, or null if that cannot be had. */
  public static @Nullable FileStatus of(SystemCalls calls, int descriptor) {
    long[] struct = new long[LONGS];
    return calls.statx(descriptor, struct) < 0 ? null : of(struct);
  }

  /** Whether the file system keeps a time of birth, as those do that store files. */
  public boolean hasBirthTime() {
    return ((int) struct[0] & STATX_BTIME) != 0;
  }

  /** Bytes that are allocated at once, or on a network that it likes to transfer. */
  public long blockSize() {
    return struct[0] >>> Integer.SIZE;
  }

  /** How many names it has. */
  public int links() {
    return (int) struct[2];
  }

  public int user() {
    return (int) (struct[2] >>> Integer.SIZE);
  }

  public int group() {
    return (int) struct[3];
  }

  /** Type and permission bits. */
  public int mode() {
    return (int) (struct[3] >>> Integer.SIZE) & 0xFFFF;
  }

  public long inode() {
    return struct[4];
  }

  /** Bytes. */
  public long size() {
    return struct[5];
  }

  /** Allocated units of 512 bytes. */
  public long blocks() {
    return struct[6];
  }

  /** Since the epoch, with {@link #accessNanos}. */
  public long accessSeconds() {
    return struct[8];
  }

  public int accessNanos() {
    return (int) struct[9];
  }

  /** Since the epoch, with {@link #changedNanos}; nobody can set these. */
  public long changedSeconds() {
    return struct[12];
  }

  public int changedNanos() {
    return (int) struct[13];
  }

  /** Since the epoch, with {@link #modifiedNanos}. */
  public long modifiedSeconds() {
    return struct[14];
  }

  public int modifiedNanos() {
    return (int) struct[15];
  }

  /** Major and minor number in one. */
  public long device() {
    // The major number comes first, and is the upper half of what is compared.
    return struct[17] << Integer.SIZE | struct[17] >>> Integer.SIZE;
  }

  public boolean isRegularFile() {
    return (mode() & S_IFMT) == S_IFREG;
  }

  public boolean isDirectory() {
    return (mode() & S_IFMT) == S_IFDIR;
  }

  public boolean isSymbolicLink() {
    return (mode() & S_IFMT) == S_IFLNK;
  }

  /** What identifies the file while it is there; compared by {@code equals}. */
  public Object key() {
    return List.of(device(), inode());
  }

  /** What identifies the file for ever: one that later has its number was changed later. */
  public Object lastingKey() {
    return List.of(device(), inode(), changedSeconds(), changedNanos());
  }

  public boolean isSameFile(FileStatus other) {
    return inode() == other.inode() && device() == other.device();
  }

  /**
   * How many bytes fewer are allocated than the file is long, for a hole, compression or inline
   * data; not positive where there is none of these.
   */
  public long unallocated() {
    return size() - blocks() * 512;
  }
}
