package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.STATX_BTIME;
import static dev.copyoffload.linux.Constants.S_IFDIR;
import static dev.copyoffload.linux.Constants.S_IFLNK;
import static dev.copyoffload.linux.Constants.S_IFMT;
import static dev.copyoffload.linux.Constants.S_IFREG;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What statx(2) says of a file. Immutable; what is not asked for is not parsed. */
public final class FileStatus {
  /** The size of struct statx in bytes. */
  public static final int STRUCT_SIZE = 256;

  private final Struct in;

  private FileStatus(Struct in) {
    this.in = in;
  }

  /** Takes a struct statx as the kernel filled it, which is nobody else's from now on. */
  public static FileStatus of(byte[] struct) {
    return new FileStatus(new Struct(struct));
  }

  /** What a path names, or null if that cannot be had. */
  public static @Nullable FileStatus of(SystemCalls calls, byte[] path, boolean followLinks) {
    byte[] struct = new byte[STRUCT_SIZE];
    return calls.statx(path, followLinks, struct) < 0 ? null : of(struct);
  }

  /** An open file's, or null if that cannot be had. */
  public static @Nullable FileStatus of(SystemCalls calls, int descriptor) {
    byte[] struct = new byte[STRUCT_SIZE];
    return calls.statx(descriptor, struct) < 0 ? null : of(struct);
  }

  /** Whether the file system keeps a time of birth, as those do that store files. */
  public boolean hasBirthTime() {
    return (in.intAt(0) & STATX_BTIME) != 0;
  }

  /** Bytes that are allocated at once, or on a network that it likes to transfer. */
  public long blockSize() {
    return in.unsignedIntAt(4);
  }

  /** How many names it has. */
  public int links() {
    return in.intAt(16);
  }

  public int user() {
    return in.intAt(20);
  }

  public int group() {
    return in.intAt(24);
  }

  /** Type and permission bits. */
  public int mode() {
    return in.shortAt(28);
  }

  public long inode() {
    return in.longAt(32);
  }

  /** Bytes. */
  public long size() {
    return in.longAt(40);
  }

  /** Allocated units of 512 bytes. */
  public long blocks() {
    return in.longAt(48);
  }

  /** Since the epoch, with {@link #accessNanos}. */
  public long accessSeconds() {
    return in.longAt(64);
  }

  public int accessNanos() {
    return in.intAt(72);
  }

  /** Since the epoch, with {@link #changedNanos}; nobody can set these. */
  public long changedSeconds() {
    return in.longAt(96);
  }

  public int changedNanos() {
    return in.intAt(104);
  }

  /** Since the epoch, with {@link #modifiedNanos}. */
  public long modifiedSeconds() {
    return in.longAt(112);
  }

  public int modifiedNanos() {
    return in.intAt(120);
  }

  /** Major and minor number in one. */
  public long device() {
    return in.unsignedIntAt(136) << 32 | in.unsignedIntAt(140);
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

  /** The same, and what a file that later has the number cannot have. */
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
