package dev.copyoffload;

import dev.copyoffload.engine.Range;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.observe.Management;
import dev.copyoffload.observe.Totals;
import dev.copyoffload.provider.AnyProviderCopy;
import dev.copyoffload.transfer.ChannelOffload;
import dev.copyoffload.tree.TreeCopy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies for libraries and tools that cannot choose how their JVM is started.
 *
 * <pre>{@code
 * CopyOffload.copy(artifact, repository.resolve("artifact.jar"), REPLACE_EXISTING, ATOMIC_TARGET);
 * CopyOffload.copyTree(sources, build, COPY_ATTRIBUTES, CopyProgress.of(bar::show));
 * CopyOffload.transfer(log, start, segment, 0, log.size() - start);
 * long saved = CopyOffload.dedupe(newest, previous);
 * System.out.println(CopyOffload.statistics().bytesShared() + " bytes are on disk once");
 * }</pre>
 *
 * <p>What the kernel cannot do here, the JDK's own code does, but for an {@link OffloadCopyOption}
 * that asks for more than that could: it is refused with an exception.
 */
public final class CopyOffload {
  private CopyOffload() {}

  /**
   * Loads native code now, if it is not loaded yet, and waits for it: a millisecond, or a tenth of
   * a second where that takes JNA. A copy that could use it does the same, but waits for JNA only
   * with options of ours.
   *
   * @return {@link #isAvailable()} from now on
   */
  public static boolean load() {
    return Platform.load() != null;
  }

  /**
   * Whether native code is loaded, so that the kernel is asked; if not, every copy is the JDK's
   * own. Loads nothing.
   */
  public static boolean isAvailable() {
    return Platform.loaded() != null;
  }

  /** Why there is no native code, or null if there is or if it was not wanted yet. */
  public static @Nullable Throwable unavailabilityCause() {
    return Platform.unavailabilityCause();
  }

  /**
   * Copies a file to a target file, by the same contract as {@link Files#copy(Path, Path,
   * CopyOption...)}.
   *
   * <p>The kernel does it where both paths are files of the default file system and it can; else
   * {@code Files.copy} does. Either path may be of any provider. Safe for use by several threads.
   *
   * @param source the file to copy
   * @param target the file to copy to
   * @param options how to copy: those of {@code Files.copy}, {@link OffloadCopyOption} and {@link
   *     CopyProgress}
   * @throws IllegalArgumentException if options contradict each other
   * @throws IOException what {@code Files.copy} would throw, with the same file names, or a {@link
   *     FileSystemException} where an {@link OffloadCopyOption} cannot be honoured
   */
  public static void copy(Path source, Path target, CopyOption... options) throws IOException {
    AnyProviderCopy.copyAny(source, target, options);
  }

  /**
   * Shares the extents of two regular files that hold the same bytes, with ioctl_fideduperange(2).
   *
   * <p>The kernel compares the bytes under lock, in pieces of 16 MiB, and shares what is the same:
   * neither file's content nor its times change, whatever happens. Where a later piece differs,
   * earlier ones are shared by then. The caller needs the right to write the target, or owns it.
   * Links are followed.
   *
   * @param source whose extents are used
   * @param target whose own extents are given up
   * @return bytes shared, among them those that were before; 0 if both are the same file or empty.
   *     A last block that is not whole is not shared by every kernel
   * @throws FileSystemException if sizes or contents differ, with the first differing piece, or if
   *     the file system shares nothing
   * @throws IOException if a file is missing or cannot be opened
   */
  public static long dedupe(Path source, Path target) throws IOException {
    return AnyProviderCopy.dedupe(source, target, null);
  }

  /**
   * Shares the extents of a range of one regular file and a range of another, or of the same one,
   * that hold the same bytes, as {@link #dedupe(Path, Path)} does for whole files.
   *
   * <p>Both offsets must be multiples of the file system's block size, and so must {@code length}
   * unless both files end with their ranges. A range that is not so is refused before anything is
   * shared: ioctl_fideduperange(2) itself would leave out, uncompared, what lies behind the last
   * whole block.
   *
   * @param source whose extents are used
   * @param sourceOffset bytes from the start of the source, not negative
   * @param target whose own extents are given up
   * @param targetOffset bytes from the start of the target, not negative
   * @param length bytes, not negative
   * @return bytes shared, among them those that were before; 0 if {@code length} is 0 or both
   *     ranges are the same one. A last block that is not whole is not shared by every kernel
   * @throws IllegalArgumentException if a number is negative
   * @throws FileSystemException if the contents differ, with the offsets of the first differing
   *     piece; if a range ends behind its file, is not made of whole blocks, or overlaps the other;
   *     or if the file system shares nothing
   * @throws IOException if a file is missing or cannot be opened
   */
  public static long dedupe(
      Path source, long sourceOffset, Path target, long targetOffset, long length)
      throws IOException {
    return AnyProviderCopy.dedupe(source, target, new Range(sourceOffset, targetOffset, length));
  }

  /**
   * Transfers bytes from an offset of one open file to an offset of another.
   *
   * <p>The kernel does it where it can, as {@code copy_file_range(2)} does: extents are shared,
   * holes stay holes. Both channels may be the JDK's own, however they were opened ({@code
   * FileChannel.open}, {@code FileInputStream.getChannel()}); of any other class they are read and
   * written. Neither channel's position is used or moved. A target that ends before {@code
   * targetOffset} gets a hole there. Ranges of one file must not overlap.
   *
   * <p>Safe for use by several threads. A channel that another thread closes meanwhile ends the
   * transfer, and so does an interrupt, which closes both channels: as in {@link
   * FileChannel#transferTo}.
   *
   * @param source open for reading
   * @param sourceOffset bytes from the start of the source, not negative
   * @param target open for writing, and not for appending: there, the offset would be ignored
   * @param targetOffset bytes from the start of the target, not negative
   * @param length bytes, not negative; {@code Long.MAX_VALUE} for all that there is
   * @return bytes transferred; less than {@code length} only where the source ended
   * @throws IllegalArgumentException if a number is negative
   * @throws java.nio.channels.NonReadableChannelException if the source is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the target is not open for writing
   * @throws java.nio.channels.ClosedChannelException if a channel is closed, before or meanwhile,
   *     or the thread is interrupted
   * @throws IOException if reading or writing fails; part of the bytes may have been transferred
   */
  public static long transfer(
      FileChannel source, long sourceOffset, FileChannel target, long targetOffset, long length)
      throws IOException {
    return ChannelOffload.transferBetween(source, sourceOffset, length, target, targetOffset);
  }

  /**
   * Copies a directory with all that is in it, several files at a time; a file that is no directory
   * is copied alone.
   *
   * <p>Each file is copied as {@link #copy} would, and the tree keeps its shape: symbolic links are
   * copied as links, {@code source} too if it is one, and files that are hard links of each other
   * within the tree are so in the copy, where the target has such links. Pipes, devices and sockets
   * are refused. Without {@code COPY_ATTRIBUTES} a copy has another owner, and so no set-user-ID or
   * set-group-ID bit, as with {@code cp -r}. Options:
   *
   * <ul>
   *   <li>{@code REPLACE_EXISTING}: directories that are there are filled, and keep what else they
   *       hold; other files are replaced. Without it anything that is there is an error. A link in
   *       the target is replaced, never followed, but {@code target} itself may be a link to a
   *       directory.
   *   <li>{@code COPY_ATTRIBUTES}: as {@code Files.copy}, and directories get theirs, ACLs and
   *       times included, when all their contents are there. Links get their times.
   *   <li>{@link TreeCopyOption#CONTINUE_ON_FAILURE}: copies what can be copied, then throws {@link
   *       TreeCopyException}, in which exceptions other than {@code IOException} are causes.
   *       Without it the first failure ends the copy.
   *   <li>{@link CopyProgress}: is told of the whole tree, by one thread at a time, with the bytes
   *       that were found so far as total.
   *   <li>any other, {@link OffloadCopyOption} among them: handed to the copy of each regular file.
   * </ul>
   *
   * <p>When it ends early, what has been copied stays, and directories may lack their attributes;
   * no file is left incomplete. {@link Thread#interrupt} of the caller ends it. Threads that it
   * starts have ended when it returns: as many as there are processors, and none for small trees or
   * for file systems other than the default one. Waits for native code where there is any. With it,
   * who may change the source or the target meanwhile cannot lead the copy out of either by a link
   * in place of a directory; without it, both must be changed by nobody whom the caller does not
   * trust.
   *
   * @param source the tree; if it is the same file as {@code target}, nothing is done
   * @param target what the copy is called, in a directory that exists
   * @throws FileSystemException if the target lies inside the source; nothing is written then
   * @throws java.io.InterruptedIOException if the caller was interrupted; its interrupt status
   *     stays set
   * @throws TreeCopyException if files could not be copied and the copy went on
   * @throws UnsupportedOperationException if an option is unknown, or is ATOMIC_MOVE or DEDUPE
   * @throws IllegalArgumentException if options contradict each other
   * @throws IOException what {@code Files.copy} would throw for the first file that failed
   */
  public static void copyTree(Path source, Path target, CopyOption... options) throws IOException {
    TreeCopy.run(AnyProviderCopy.unwrapped(source), AnyProviderCopy.unwrapped(target), options);
  }

  /**
   * What was copied so far, by any of the ways in, as numbers.
   *
   * @return the numbers as they are now
   */
  public static CopyStatistics statistics() {
    return Totals.statistics();
  }

  /** Starts counting from 0 again, for everybody. */
  public static void resetStatistics() {
    Totals.reset();
  }

  /**
   * Shows the same numbers to management tools, as {@code dev.copyoffload:type=CopyOffload}.
   *
   * <p>Not needed where {@code com.sun.management.jmxremote} says that the JVM is managed: there
   * the first copy does it. Elsewhere this starts the platform's MBean server, which takes some
   * tenths of a second.
   *
   * @throws UnsupportedOperationException if this runtime has no module java.management
   */
  public static void registerMBean() {
    Management.register();
  }
}
