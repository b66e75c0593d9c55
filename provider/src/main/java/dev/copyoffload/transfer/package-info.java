/**
 * Transfers between open files: channels, streams and loops over streams.
 *
 * <p>In come {@code transferTo}, {@code transferFrom}, streams and loops at {@link
 * dev.copyoffload.transfer.OfferingHook}, from the JDK's code and from channels of ours; streams of
 * ours by themselves; and ranges at {@link dev.copyoffload.transfer.ChannelOffload}, which also
 * opens those channels and streams. {@link dev.copyoffload.engine.TransferGate} decides which are
 * worth it; {@code ChannelTransfer} asks it, remembers what was declined lately ({@code
 * DeclineBackoff}), and claims the bytes at a shared offset; {@code HeldChannels} keeps both
 * channels open meanwhile as the JDK does. The engine copies the range. What is declined leaves as
 * 0, with nothing read.
 */
@NullMarked
package dev.copyoffload.transfer;

import org.jspecify.annotations.NullMarked;
