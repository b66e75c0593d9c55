/** What copying and moving a file means: options, attributes, exceptions, rollback. */
@NullMarked
package dev.copyoffload.copy;

import org.jspecify.annotations.NullMarked;
