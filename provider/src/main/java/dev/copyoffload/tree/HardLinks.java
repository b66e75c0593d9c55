package dev.copyoffload.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Files that have several names: one is copied, the others become links to the copy. */
final class HardLinks {
  /**
   * So many files are remembered without asking whether they have other names: that takes twice as
   * long as all else that is asked of a file.
   */
  private static final int UNASKED = 32 << 10;

  private final Map<Object, Path> firstTargets = new HashMap<>();
  private final List<Other> others = new ArrayList<>();

  /** A further name of a file whose copy is {@code first}. */
  private record Other(Node node, Path first) {}

  /** Whether the file is to be copied; if not, it is kept for {@link #make}. */
  boolean isFirst(Node node) throws IOException {
    Object key = node.key();
    boolean unasked = firstTargets.size() < UNASKED;
    if (key == null || (!unasked && !node.isLinked())) {
      return true;
    }
    Path first = firstTargets.putIfAbsent(key, node.target());
    if (first == null) {
      return true;
    }
    if (unasked && !node.isLinked()) {
      // The first one is gone, and what identified it identifies another file now.
      firstTargets.put(key, node.target());
      return true;
    }
    others.add(new Other(node, first));
    return false;
  }

  /** Calls back with each further name, and the copy that it is to be a name of. */
  void make(BiConsumer<Node, Path> link) {
    for (Other other : others) {
      link.accept(other.node(), other.first());
    }
  }
}
