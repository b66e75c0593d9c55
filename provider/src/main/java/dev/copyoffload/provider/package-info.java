/** Providers that wrap the JDK's own, and hand copies to the kernel where it can do them. */
@NullMarked
package dev.copyoffload.provider;

import org.jspecify.annotations.NullMarked;
