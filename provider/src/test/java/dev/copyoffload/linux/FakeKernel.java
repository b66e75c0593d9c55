package dev.copyoffload.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * System calls on files and pipes in memory, which fail when told to.
 *
 * <p>Stricter than Linux where a mistake would hide: a call on a descriptor that is not open, one
 * that would block for ever, and a copy that makes calls without end are {@link AssertionError}s.
 */
public final class FakeKernel implements SystemCalls {
  /** More calls than any copy in the tests has a reason for. */
  private static final int MOST_CALLS = 2_000_000;

  private static final int ACCESS = Constants.O_WRONLY | Constants.O_RDWR;

  private final Map<String, FakeFile> names = new HashMap<>();
  private final Map<Integer, Opened> descriptors = new TreeMap<>();
  private final Map<Call, Map<Integer, Fault>> faults = new EnumMap<>(Call.class);
  private final Map<Call, Fault> lasting = new EnumMap<>(Call.class);
  private final Map<Call, Integer> counts = new EnumMap<>(Call.class);
  private int calls;

  /** A program that has closed its standard input gets 0. */
  private int next;

  /** Whether FICLONE works here. */
  public boolean clones;

  public boolean deduplicates = true;

  /** Whether a last block that is not whole can be deduplicated. */
  public boolean sharesTails = true;

  /** What one FIDEDUPERANGE says it has shared. */
  public long dedupedAtMost = Long.MAX_VALUE;

  /** Whether there is O_TMPFILE. */
  public boolean unnamedFiles = true;

  /** What F_SETPIPE_SZ grants at most. */
  public int pipeCapacity = 64 << 10;

  private static final class Opened {
    final @Nullable FakeFile file;
    final @Nullable FakePipe pipe;
    final int flags;
    long offset;

    Opened(@Nullable FakeFile file, @Nullable FakePipe pipe, int flags) {
      this.file = file;
      this.pipe = pipe;
      this.flags = flags;
    }
  }

  private static final class FakePipe {
    final Deque<byte[]> content = new ArrayDeque<>();
    int fill;
    int capacity;
  }

  // ---- what tests say ----

  /** Lets the {@code number}th call from now on, from 1, meet a fault. */
  public FakeKernel on(Call call, int number, Fault fault) {
    faults.computeIfAbsent(call, c -> new HashMap<>()).put(count(call) + number, fault);
    return this;
  }

  public FakeKernel always(Call call, Fault fault) {
    lasting.put(call, fault);
    return this;
  }

  /** From now on everything works, and calls are counted anew. */
  public void calm() {
    faults.clear();
    lasting.clear();
    counts.clear();
    calls = 0;
  }

  public int count(Call call) {
    return counts.getOrDefault(call, 0);
  }

  public FakeKernel put(String name, FakeFile file) {
    names.put(name, file);
    return this;
  }

  public Set<String> names() {
    return Set.copyOf(names.keySet());
  }

  public @Nullable FakeFile get(String name) {
    return names.get(name);
  }

  public Descriptor opened(FakeFile file) {
    return new Descriptor(this, add(new Opened(file, null, Constants.O_RDWR)));
  }

  /** Descriptors open now, both ends of every pipe among them. */
  public int openDescriptors() {
    return descriptors.size();
  }

  /** Descriptors open now that are a file's. */
  public long openFiles() {
    return descriptors.values().stream().filter(opened -> opened.file != null).count();
  }

  /** The offset that the descriptor's users share. */
  public long offsetOf(Descriptor descriptor) {
    return at(descriptor.number()).offset;
  }

  public void setOffset(Descriptor descriptor, long offset) {
    at(descriptor.number()).offset = offset;
  }

  public long bytesInPipes() {
    return descriptors.values().stream()
        .mapToLong(opened -> opened.pipe == null ? 0 : opened.pipe.fill)
        .sum();
  }

  // ---- what calls share ----

  private int add(Opened opened) {
    descriptors.put(next, opened);
    return next++;
  }

  private long admit(Call call, long wanted) {
    if (++calls > MOST_CALLS) {
      throw new AssertionError("does not end: " + counts);
    }
    int number = counts.merge(call, 1, Integer::sum);
    Fault fault = faults.getOrDefault(call, Map.of()).get(number);
    if (fault == null) {
      fault = lasting.get(call);
    }
    return fault == null ? wanted : fault.meet(wanted);
  }

  private int admit(Call call) {
    return (int) Math.min(0, admit(call, 0));
  }

  private Opened at(int descriptor) {
    Opened opened = descriptors.get(descriptor);
    if (opened == null) {
      throw new AssertionError("descriptor " + descriptor + " is not open");
    }
    return opened;
  }

  private FakeFile file(int descriptor) {
    FakeFile file = at(descriptor).file;
    if (file == null) {
      throw new AssertionError("descriptor " + descriptor + " is a pipe");
    }
    return file;
  }

  /** A file that is open for reading. */
  private FakeFile read(int descriptor) {
    if ((at(descriptor).flags & ACCESS) == Constants.O_WRONLY) {
      throw new AssertionError("descriptor " + descriptor + " is not open for reading");
    }
    return file(descriptor);
  }

  /** A file that is open for writing. */
  private FakeFile written(int descriptor) {
    if ((at(descriptor).flags & ACCESS) == Constants.O_RDONLY) {
      throw new AssertionError("descriptor " + descriptor + " is not open for writing");
    }
    return file(descriptor);
  }

  private FakePipe pipeAt(int descriptor) {
    FakePipe pipe = at(descriptor).pipe;
    if (pipe == null) {
      throw new AssertionError("descriptor " + descriptor + " is a file");
    }
    return pipe;
  }

  private static String name(byte[] path) {
    if (path[path.length - 1] != 0) {
      throw new AssertionError("not terminated");
    }
    return new String(path, 0, path.length - 1, StandardCharsets.ISO_8859_1);
  }

  private static int fail(Errno errno) {
    return -errno.number();
  }

  // ---- the calls ----

  @Override
  public int open(byte[] path, int flags, int mode) {
    int fault = admit(Call.OPEN);
    if (fault < 0) {
      return fault;
    }
    if ((flags & Constants.O_CLOEXEC) == 0) {
      throw new AssertionError("child processes would inherit it");
    }
    FakeFile file = names.get(name(path));
    if ((flags & Constants.O_TMPFILE) == Constants.O_TMPFILE) {
      if (!unnamedFiles || file == null) {
        return fail(file == null ? Errno.ENOENT : Errno.EOPNOTSUPP);
      }
      file = new FakeFile();
      file.mode = Constants.S_IFREG | mode;
      return add(new Opened(file, null, flags));
    }
    if ((flags & Constants.O_CREAT) != 0) {
      if (file != null && (flags & Constants.O_EXCL) != 0) {
        return fail(Errno.EEXIST);
      }
      if (file == null) {
        file = new FakeFile();
        file.mode = Constants.S_IFREG | mode;
        names.put(name(path), file);
      }
    }
    if (file != null && file.leadsTo != null) {
      file = (flags & Constants.O_NOFOLLOW) == 0 ? file.leadsTo : null;
    }
    return file == null ? fail(Errno.ENOENT) : add(new Opened(file, null, flags));
  }

  @Override
  public int close(int descriptor) {
    at(descriptor);
    descriptors.remove(descriptor);
    return admit(Call.CLOSE);
  }

  @Override
  public int accessToRead(byte[] path) {
    int fault = admit(Call.ACCESS);
    if (fault < 0) {
      return fault;
    }
    return names.containsKey(name(path)) ? 0 : fail(Errno.ENOENT);
  }

  @Override
  public int unlink(byte[] path) {
    int fault = admit(Call.UNLINK);
    if (fault < 0) {
      return fault;
    }
    return names.remove(name(path)) == null ? fail(Errno.ENOENT) : 0;
  }

  @Override
  public int rename(byte[] from, byte[] to) {
    int fault = admit(Call.RENAME);
    return fault < 0 ? fault : move(from, to);
  }

  private int move(byte[] from, byte[] to) {
    FakeFile file = names.remove(name(from));
    if (file == null) {
      return fail(Errno.ENOENT);
    }
    names.put(name(to), file);
    return 0;
  }

  @Override
  public int renameNoReplace(byte[] from, byte[] to) {
    int fault = admit(Call.RENAME_NOREPLACE);
    if (fault == 0 && names.containsKey(name(to))) {
      return fail(Errno.EEXIST);
    }
    return fault < 0 ? fault : move(from, to);
  }

  @Override
  public int link(byte[] from, byte[] to) {
    int fault = admit(Call.LINK);
    if (fault < 0) {
      return fault;
    }
    String open = "/proc/self/fd/";
    String old = name(from);
    FakeFile file =
        old.startsWith(open)
            ? file(Integer.parseInt(old.substring(open.length())))
            : names.get(old);
    if (file == null) {
      return fail(Errno.ENOENT);
    }
    return names.putIfAbsent(name(to), file) == null ? 0 : fail(Errno.EEXIST);
  }

  @Override
  public int fideduperange(int source, byte[] range) {
    int fault = admit(Call.FIDEDUPERANGE);
    if (fault < 0) {
      return fault;
    }
    ByteBuffer fields = ByteBuffer.wrap(range).order(ByteOrder.nativeOrder());
    long from = fields.getLong(0);
    long length = fields.getLong(8);
    long to = fields.getLong(32);
    if (length <= 0 || fields.getShort(16) != 1) {
      throw new AssertionError("dedupe of " + length);
    }
    FakeFile target = file((int) fields.getLong(24));
    byte[] wanted = read(source).read(from, length);
    boolean same = Arrays.equals(wanted, target.read(to, length));
    fields.putLong(40, same ? Math.min(length, dedupedAtMost) : 0);
    int refused = deduplicates ? 0 : fail(Errno.EOPNOTSUPP);
    if (!sharesTails && length % FakeFile.BLOCK != 0) {
      refused = fail(Errno.EINVAL);
    }
    fields.putInt(48, refused < 0 ? refused : same ? 0 : 1);
    return 0;
  }

  @Override
  public int statx(byte[] path, boolean followLinks, long[] struct) {
    int fault = admit(Call.STATX_PATH);
    FakeFile file = names.get(name(path));
    if (followLinks && file != null && file.leadsTo != null) {
      file = file.leadsTo;
    }
    if (fault == 0 && file == null) {
      return fail(Errno.ENOENT);
    }
    return fault < 0 || file == null ? fault : fill(file, struct);
  }

  @Override
  public int statx(int directory, byte[] name, long[] struct) {
    throw new AssertionError("directories hold nothing here");
  }

  @Override
  public int rmdir(byte[] path) {
    int fault = admit(Call.RMDIR);
    if (fault < 0) {
      return fault;
    }
    return names.remove(name(path)) == null ? fail(Errno.ENOENT) : 0;
  }

  @Override
  public int mkdir(byte[] path, int mode) {
    throw new AssertionError("directories hold nothing here");
  }

  @Override
  public int statx(int descriptor, long[] struct) {
    int fault = admit(Call.STATX);
    return fault < 0 ? fault : fill(file(descriptor), struct);
  }

  private static int fill(FakeFile file, long[] struct) {
    ByteBuffer out = ByteBuffer.allocate(struct.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, file.hasBirthTime ? Constants.STATX_BTIME : 0).putInt(4, file.blockSize);
    out.putInt(16, 1).putInt(20, file.user).putInt(24, file.group).putShort(28, (short) file.mode);
    out.putLong(32, file.inode).putLong(40, file.sizeSaid()).putLong(48, file.blocks());
    out.putLong(64, file.times[0]).putInt(72, (int) file.times[1]);
    out.putLong(96, file.changed);
    out.putLong(112, file.times[2]).putInt(120, (int) file.times[3]);
    out.putInt(136, (int) (file.device >>> Integer.SIZE)).putInt(140, (int) file.device);
    out.asLongBuffer().get(struct);
    return 0;
  }

  @Override
  public int fstatfs(int descriptor, long[] struct) {
    int fault = admit(Call.FSTATFS);
    if (fault == 0) {
      FakeFile file = file(descriptor);
      struct[0] = file.magic;
      struct[1] = file.fileSystemBlockSize;
    }
    return fault;
  }

  @Override
  public long unwrittenPages(int descriptor) {
    int fault = admit(Call.CACHESTAT);
    return fault < 0 ? fault : file(descriptor).unwrittenPages;
  }

  @Override
  public int ficlone(int target, int source) {
    int fault = admit(Call.FICLONE);
    FakeFile from = read(source);
    FakeFile to = written(target);
    if (fault == 0 && clones) {
      from.shareWith(to);
    }
    return fault == 0 && !clones ? fail(Errno.EOPNOTSUPP) : fault;
  }

  @Override
  public int ficlonerange(
      int target, int source, long sourceOffset, long length, long targetOffset) {
    int fault = admit(Call.FICLONERANGE);
    if (fault < 0 || !clones) {
      return fault < 0 ? fault : fail(Errno.EOPNOTSUPP);
    }
    FakeFile from = read(source);
    FakeFile to = written(target);
    long end = length == 0 ? from.size() : sourceOffset + length;
    boolean aligned = ((sourceOffset | targetOffset) & (FakeFile.BLOCK - 1)) == 0;
    boolean endsBoth = end == from.size() && targetOffset + end - sourceOffset >= to.size();
    if (!aligned || (end % FakeFile.BLOCK != 0 && !endsBoth) || end > from.size()) {
      return fail(Errno.EINVAL);
    }
    to.write(targetOffset, Arrays.copyOfRange(from.bytes(), (int) sourceOffset, (int) end));
    return 0;
  }

  @Override
  public long copyFileRange(
      int source, long sourceOffset, int target, long targetOffset, long length) {
    FakeFile from = read(source);
    long there = Math.max(0, from.sizeSaid() - sourceOffset);
    return move(
        Call.COPY_FILE_RANGE, from, sourceOffset, written(target), targetOffset, length, there);
  }

  private long move(
      Call call, FakeFile source, long from, FakeFile target, long to, long length, long there) {
    if (length <= 0) {
      throw new AssertionError(call + " of " + length);
    }
    long allowed = admit(call, length);
    if (allowed < 0) {
      return allowed;
    }
    byte[] bytes = source.read(from, Math.min(allowed, there));
    target.write(to, bytes);
    return bytes.length;
  }

  @Override
  public long spliceIn(int source, long sourceOffset, int pipe, long length, int flags) {
    FakeFile file = read(source);
    FakePipe into = pipeAt(pipe);
    long allowed = admit(Call.SPLICE_IN, length);
    if (allowed < 0) {
      return allowed;
    }
    if (into.fill == into.capacity) {
      throw new AssertionError("blocks for ever: the pipe is full");
    }
    byte[] bytes = file.read(sourceOffset, Math.min(allowed, into.capacity - into.fill));
    if (bytes.length > 0) {
      into.content.add(bytes);
      into.fill += bytes.length;
    }
    return bytes.length;
  }

  @Override
  public long spliceOut(int pipe, int target, long targetOffset, long length, int flags) {
    FakePipe from = pipeAt(pipe);
    FakeFile file = written(target);
    if (from.fill == 0) {
      throw new AssertionError("blocks for ever: the pipe is empty");
    }
    long allowed = Math.min(admit(Call.SPLICE_OUT, length), from.fill);
    long moved = 0;
    while (moved < allowed) {
      byte[] bytes = from.content.remove();
      int taken = (int) Math.min(bytes.length, allowed - moved);
      file.write(targetOffset + moved, bytes, 0, taken);
      if (taken < bytes.length) {
        from.content.addFirst(Arrays.copyOfRange(bytes, taken, bytes.length));
      }
      moved += taken;
      from.fill -= taken;
    }
    return allowed < 0 ? allowed : moved;
  }

  @Override
  public long sendfile(int target, int source, long sourceOffset, long length) {
    Opened out = at(target);
    long moved =
        move(
            Call.SENDFILE, read(source), sourceOffset, written(target), out.offset, length, length);
    out.offset += Math.max(0, moved);
    return moved;
  }

  @Override
  public long pread(int descriptor, ByteBuffer buffer, long length, long offset) {
    FakeFile file = read(descriptor);
    long allowed = admit(Call.PREAD, length);
    if (allowed < 0) {
      return allowed;
    }
    byte[] bytes = file.read(offset, allowed);
    buffer.duplicate().clear().put(bytes);
    return bytes.length;
  }

  @Override
  public long pwrite(int descriptor, ByteBuffer buffer, long length, long offset) {
    FakeFile file = written(descriptor);
    long allowed = admit(Call.PWRITE, length);
    if (allowed < 0) {
      return allowed;
    }
    byte[] bytes = new byte[(int) allowed];
    buffer.duplicate().clear().get(bytes);
    file.write(offset, bytes);
    return allowed;
  }

  @Override
  public long pwriteZero(int descriptor, long offset) {
    FakeFile file = written(descriptor);
    long allowed = admit(Call.PWRITE, 1);
    if (allowed > 0) {
      file.write(offset, new byte[1]);
    }
    return allowed;
  }

  @Override
  public int pipe(int[] ends) {
    int fault = admit(Call.PIPE);
    if (fault == 0) {
      FakePipe pipe = new FakePipe();
      pipe.capacity = 64 << 10;
      ends[0] = add(new Opened(null, pipe, Constants.O_RDWR));
      ends[1] = add(new Opened(null, pipe, Constants.O_RDWR));
    }
    return fault;
  }

  @Override
  public int fcntl(int descriptor, int command, int argument) {
    if (command == Constants.F_DUPFD_CLOEXEC) {
      return add(at(descriptor));
    }
    FakePipe pipe = pipeAt(descriptor);
    int fault = admit(Call.FCNTL);
    if (fault < 0) {
      return fault;
    }
    pipe.capacity = Math.min(argument, pipeCapacity);
    return pipe.capacity;
  }

  @Override
  public long lseek(int descriptor, long offset, int whence) {
    Opened opened = at(descriptor);
    FakeFile file = file(descriptor);
    int fault = admit(Call.LSEEK);
    if (fault < 0) {
      return fault;
    }
    long position =
        switch (whence) {
          case Constants.SEEK_SET -> offset;
          case Constants.SEEK_CUR -> opened.offset + offset;
          default -> file.seek(offset, whence == Constants.SEEK_DATA);
        };
    if (position >= 0) {
      opened.offset = position;
    }
    return position;
  }

  @Override
  public int ftruncate(int descriptor, long length) {
    int fault = admit(Call.FTRUNCATE);
    if (fault == 0) {
      written(descriptor).setSize(length);
    }
    return fault;
  }

  @Override
  public int fallocate(int descriptor, int mode, long offset, long length) {
    int fault = admit(Call.FALLOCATE);
    if (fault < 0) {
      return fault;
    }
    if (length <= 0) {
      throw new AssertionError("fallocate of " + length);
    }
    if (mode == Constants.FALLOC_FL_KEEP_SIZE) {
      written(descriptor).reserve(offset, length);
      return 0;
    }
    if (mode != (Constants.FALLOC_FL_PUNCH_HOLE | Constants.FALLOC_FL_KEEP_SIZE)) {
      return fail(Errno.EOPNOTSUPP);
    }
    written(descriptor).punch(offset, length);
    return 0;
  }

  @Override
  public int fchown(int descriptor, int user, int group) {
    int fault = admit(Call.FCHOWN);
    if (fault == 0) {
      file(descriptor).user = user;
      file(descriptor).group = group;
    }
    return fault;
  }

  @Override
  public int fchmod(int descriptor, int mode) {
    int fault = admit(Call.FCHMOD);
    if (fault == 0) {
      file(descriptor).mode = Constants.S_IFREG | mode;
    }
    return fault;
  }

  @Override
  public int futimens(int descriptor, long[] times) {
    int fault = admit(Call.FUTIMENS);
    if (fault == 0) {
      file(descriptor).times = times.clone();
    }
    return fault;
  }

  @Override
  public long flistxattr(int descriptor, byte[] names) {
    int fault = admit(Call.FLISTXATTR);
    if (fault < 0) {
      return fault;
    }
    int length = 0;
    for (String name : file(descriptor).extendedAttributes.keySet()) {
      byte[] bytes = (name + "\0").getBytes(StandardCharsets.ISO_8859_1);
      if (length + bytes.length > names.length) {
        return fail(Errno.ERANGE);
      }
      System.arraycopy(bytes, 0, names, length, bytes.length);
      length += bytes.length;
    }
    return length;
  }

  @Override
  public long fgetxattr(int descriptor, byte[] name, byte[] value) {
    int fault = admit(Call.FGETXATTR);
    byte[] bytes = file(descriptor).extendedAttributes.get(name(name));
    if (fault < 0 || bytes == null) {
      return fault < 0 ? fault : fail(Errno.ENOENT);
    }
    if (bytes.length > value.length) {
      return fail(Errno.ERANGE);
    }
    System.arraycopy(bytes, 0, value, 0, bytes.length);
    return bytes.length;
  }

  @Override
  public int fsetxattr(int descriptor, byte[] name, byte[] value, long size) {
    int fault = admit(Call.FSETXATTR);
    if (fault == 0) {
      file(descriptor).extendedAttributes.put(name(name), Arrays.copyOf(value, (int) size));
    }
    return fault;
  }

  @Override
  public String strerror(int errno) {
    return "error " + errno;
  }
}
