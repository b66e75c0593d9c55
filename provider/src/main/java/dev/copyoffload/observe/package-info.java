/**
 * What happened.
 *
 * <p>In come reports of copies and transfers, at {@link dev.copyoffload.observe.CopyObserver},
 * which throws nothing and runs outside of every lock. {@code Totals} counts; {@code Recorder} asks
 * the flight recorder before an event class is touched; a logger is asked only where {@code
 * copyoffload.log=true}; {@code Management} shows the totals where the JVM is managed.
 */
@NullMarked
package dev.copyoffload.observe;

import org.jspecify.annotations.NullMarked;
