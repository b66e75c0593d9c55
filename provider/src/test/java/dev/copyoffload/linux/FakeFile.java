package dev.copyoffload.linux;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file in memory: bytes, and which of its blocks are allocated. */
public final class FakeFile {
  public static final int BLOCK = 4096;

  private static int lastInode;

  private final BitSet allocated = new BitSet();
  private final BitSet reserved = new BitSet();
  private byte[] content = new byte[0];
  private int size;

  /** What a symbolic link leads to. */
  public @Nullable FakeFile leadsTo;

  public long device = 1;
  public long inode = ++lastInode;
  public int mode = Constants.S_IFREG | 0640;
  public int user = 1000;
  public int group = 1000;
  public long magic = 0xEF53;

  /** What statx(2) and fstatfs(2) say. */
  public boolean hasBirthTime = true;

  public int blockSize = BLOCK;

  /** When it last changed, in seconds since the epoch. */
  public long changed;

  /** Pages that cachestat(2) counts as not on the disk yet. */
  public int unwrittenPages;

  public long fileSystemBlockSize = BLOCK;

  /** Units of 512 bytes that statx(2) reports beside those that the map knows. */
  public long blocksUnknownToMap;

  /** The size that statx(2) says and copy_file_range(2) goes by, or -1 if that is the truth. */
  public long sizeSaid = -1;

  public long[] times = {11, 12, 13, 14};
  public final Map<String, byte[]> extendedAttributes = new TreeMap<>();

  /** A file of random bytes without holes, the same ones for the same size. */
  public static FakeFile dense(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return new FakeFile().write(0, bytes);
  }

  /** A symbolic link. */
  public static FakeFile linkTo(FakeFile file) {
    FakeFile link = new FakeFile();
    link.mode = Constants.S_IFLNK | 0777;
    link.leadsTo = file;
    return link;
  }

  public int size() {
    return size;
  }

  public byte[] bytes() {
    return Arrays.copyOf(content, size);
  }

  public boolean contentEquals(byte[] expected, int length) {
    return size == length && Arrays.equals(content, 0, size, expected, 0, length);
  }

  public long blocks() {
    BitSet all = (BitSet) allocated.clone();
    all.or(reserved);
    return all.cardinality() * (BLOCK / 512L) + blocksUnknownToMap;
  }

  public FakeFile write(long offset, byte[] from, int start, int length) {
    if (length > 0) {
      int at = Math.toIntExact(offset);
      grow(at + length);
      System.arraycopy(from, start, content, at, length);
      allocated.set(at / BLOCK, (at + length - 1) / BLOCK + 1);
    }
    return this;
  }

  public FakeFile write(long offset, byte[] from) {
    return write(offset, from, 0, from.length);
  }

  /** As pages that are dirty: reads see them, and neither the map nor the block count does. */
  public FakeFile writeUnseen(long offset, byte[] from) {
    BitSet before = (BitSet) allocated.clone();
    write(offset, from);
    allocated.and(before);
    return this;
  }

  long sizeSaid() {
    return sizeSaid < 0 ? size : sizeSaid;
  }

  /** As ftruncate(2): longer with a hole, or shorter. */
  public FakeFile setSize(long length) {
    int wanted = Math.toIntExact(length);
    reserved.clear((wanted + BLOCK - 1) / BLOCK, Math.max(reserved.length(), 1) + wanted);
    if (wanted < size) {
      Arrays.fill(content, wanted, size, (byte) 0);
      allocated.clear((wanted + BLOCK - 1) / BLOCK, Math.max(allocated.length(), 1) + wanted);
      size = wanted;
    } else {
      grow(wanted);
    }
    return this;
  }

  /** As fallocate(2) that keeps the size: blocks that are nobody else's, and no data. */
  public void reserve(long offset, long length) {
    reserved.set((int) (offset / BLOCK), (int) ((offset + length + BLOCK - 1) / BLOCK));
  }

  /** As fallocate(2): whole blocks are given back, the rest of the range is zeroed. */
  public void punch(long offset, long length) {
    int from = (int) Math.min(offset, size);
    int to = (int) Math.min(offset + length, size);
    Arrays.fill(content, from, to, (byte) 0);
    // What lies behind the end of the file is no part of its last block.
    int last = to == size ? (to + BLOCK - 1) / BLOCK : to / BLOCK;
    int first = (from + BLOCK - 1) / BLOCK;
    if (first < last) {
      allocated.clear(first, last);
    }
  }

  private void grow(int length) {
    if (length > content.length) {
      content = Arrays.copyOf(content, length + length / 2);
    }
    size = Math.max(size, length);
  }

  /** Up to {@code length} bytes from {@code offset}, fewer at the end. */
  byte[] read(long offset, long length) {
    if (offset >= size) {
      return new byte[0];
    }
    int at = (int) offset;
    return Arrays.copyOfRange(content, at, at + (int) Math.min(length, size - at));
  }

  /** The first byte from {@code offset} on that is in a data block, or in a hole; or ENXIO. */
  public long seek(long offset, boolean data) {
    if (offset < 0 || offset >= size) {
      return -Errno.ENXIO.number();
    }
    int block = (int) (offset / BLOCK);
    int found = data ? allocated.nextSetBit(block) : allocated.nextClearBit(block);
    long position = Math.max(offset, (long) found * BLOCK);
    if (found < 0 || position >= size) {
      return data ? -Errno.ENXIO.number() : size;
    }
    return position;
  }

  void shareWith(FakeFile target) {
    target.grow(size);
    System.arraycopy(content, 0, target.content, 0, size);
    target.allocated.or(allocated);
  }
}
