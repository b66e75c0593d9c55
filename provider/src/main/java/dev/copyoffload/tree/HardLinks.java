package dev.copyoffload.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Files that have several names: one is copied, the others become links to the copy.
 *
 * <p>The walk tells of all names; any thread tells of copies.
 */
final class HardLinks {
  private final Map<Object, Copy> unseen = new HashMap<>();
  private final IdentityHashMap<TreeEntry, Copy> copies = new IdentityHashMap<>();
  private final List<Other> others = new ArrayList<>();

  /** The name of a file that has been copied, or is to be. */
  static final class Copy {
    private TreeEntry entry;
    private int namesSeen = 1;
    private @Nullable Object key;

    private Copy(TreeEntry entry) {
      this.entry = entry;
    }

    TreeEntry entry() {
      return entry;
    }

    /** What identifies the copy, or null if there is none that can be linked to. */
    @Nullable Object key() {
      return key;
    }

    /** Takes this name as the first one from now on. */
    void become(TreeEntry copied, Object keyOfCopy) {
      entry = copied;
      key = keyOfCopy;
    }
  }

  /** A further name of a file. */
  private record Other(TreeEntry entry, Copy first) {}

  /** Whether the file is to be copied; if not, it is kept for {@link #make}. */
  boolean isFirst(TreeEntry entry) {
    Object key = entry.key();
    if (!entry.isLinked() || key == null) {
      return true;
    }
    Copy first = unseen.get(key);
    if (first == null) {
      Copy copy = new Copy(entry);
      unseen.put(key, copy);
      synchronized (copies) {
        copies.put(entry, copy);
      }
      return true;
    }
    others.add(new Other(entry, first));
    first.namesSeen++;
    if (first.namesSeen >= entry.links()) {
      unseen.remove(key);
    }
    return false;
  }

  /** Takes notice of the copy of a first name. */
  void copied(TreeEntry entry, @Nullable Object keyOfCopy) {
    synchronized (copies) {
      Copy copy = copies.remove(entry);
      if (copy != null && keyOfCopy != null) {
        copy.become(entry, keyOfCopy);
      }
    }
  }

  /** Calls back with each further name, when all first ones have been copied or have failed. */
  void make(BiConsumer<TreeEntry, Copy> link) {
    for (Other other : others) {
      link.accept(other.entry(), other.first());
    }
  }
}
