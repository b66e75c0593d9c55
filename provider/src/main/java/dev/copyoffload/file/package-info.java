/** What copying and moving a file means: options, attributes, exceptions, rollback. */
@NullMarked
package dev.copyoffload.file;

import org.jspecify.annotations.NullMarked;
