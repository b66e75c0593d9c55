/**
 * Copies of directory trees.
 *
 * <p>In comes {@code CopyOffload.copyTree}, at {@link dev.copyoffload.tree.TreeCopy}, which walks
 * by itself. {@code Directories} keeps directories open and follows no link; {@code HardLinks}
 * knows which names are one file; a {@code Crew} of threads copies the files by the package {@code
 * file}; {@code Failures} collects what could not be copied, {@code TreeProgress} tells the
 * listener. Links and the attributes of directories come last.
 */
@NullMarked
package dev.copyoffload.tree;

import org.jspecify.annotations.NullMarked;
