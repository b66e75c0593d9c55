/**
 * The kernel, as typed calls.
 *
 * <p>In come calls of {@link dev.copyoffload.linux.SystemCalls}; {@code LinuxSystemCalls} writes
 * their structs into memory of {@code NativeBuffer}, and hands a number of {@code SystemCall} and
 * six words to {@code Kernel.call}. Whether that is the stub, JNA or nothing is decided once, in
 * {@link dev.copyoffload.linux.Platform}: another platform is added there. {@code Place} says which
 * directory the stub may be loaded from, {@link dev.copyoffload.linux.JavaBase} how classes of ours
 * get into the JDK's packages, {@link dev.copyoffload.linux.Completion} when the agent defines
 * them. Out comes a result or a negated errno. The only package that sees JNA.
 */
@NullMarked
package dev.copyoffload.linux;

import org.jspecify.annotations.NullMarked;
