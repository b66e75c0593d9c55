/**
 * What {@code Files.copy} and {@code Files.move} mean for a regular file.
 *
 * <p>In come two paths of the JDK's own and options, at {@link dev.copyoffload.file.FileCopies}.
 * {@code CopyPolicy} and {@code OffloadOptions} say what is asked; {@code FileCopy} is the one
 * algorithm: look, create, open, have the engine copy, copy attributes, keep. {@code NewFile} and
 * {@code StagedTarget} know that this copy made them, and take themselves back. {@code CallFailure}
 * turns an errno into the JDK's exception. What is declined leaves as false: the JDK's code runs,
 * and finds everything as it was.
 */
@NullMarked
package dev.copyoffload.file;

import org.jspecify.annotations.NullMarked;
