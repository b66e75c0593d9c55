/**
 * Moves bytes between two open files.
 *
 * <p>In comes a pair of descriptors with a policy, for a whole file ({@link
 * dev.copyoffload.engine.Engine#copyWhole}) or a range. {@code CopyRun} decides what to try: to
 * share, to keep holes ({@code SparseCopy}), to reserve, to move. {@code MethodChains} says which
 * {@code CopyMethod}s follow each other; each does a part of the range, or declines with a {@link
 * dev.copyoffload.engine.Reason}. What an errno means for the next one is decided in {@code
 * ErrnoPolicy}, which file systems share and whose holes are believed in {@code FileSystemType},
 * every threshold in {@link dev.copyoffload.engine.Tuning}. Out goes a {@link
 * dev.copyoffload.engine.CopyReport}.
 */
@NullMarked
package dev.copyoffload.engine;

import org.jspecify.annotations.NullMarked;
