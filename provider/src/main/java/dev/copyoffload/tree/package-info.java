/** Copies of directory trees, made of copies of files. */
@NullMarked
package dev.copyoffload.tree;

import org.jspecify.annotations.NullMarked;
