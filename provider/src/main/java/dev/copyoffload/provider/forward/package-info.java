/** A file system provider and its objects that forward to another one, taking no decisions. */
@NullMarked
package dev.copyoffload.provider.forward;

import org.jspecify.annotations.NullMarked;
