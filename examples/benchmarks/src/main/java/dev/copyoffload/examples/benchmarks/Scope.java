package dev.copyoffload.examples.benchmarks;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How much is timed. */
enum Scope {
  /** After a change: what matters most. */
  QUICK(Duration.ofMinutes(15)) {
    @Override
    List<Place> newJvmPlaces(List<Place> all) {
      return all.subList(0, Math.min(3, all.size()));
    }

    @Override
    Set<Size> copySizes(int place) {
      Set<Size> sizes = EnumSet.of(Size.KIB_4, Size.MIB_1, Size.MIB_64);
      if (place < 2) {
        sizes.add(Size.KIB_64);
      }
      if (place == 0) {
        sizes.add(Size.SPARSE_GIB_1);
      }
      return sizes;
    }

    @Override
    Set<Size> optionSizes(int place) {
      return place == 0 ? EnumSet.of(Size.KIB_4) : Set.of();
    }

    @Override
    Set<Size> transferSizes(int place) {
      return place < 2 ? EnumSet.of(Size.KIB_64, Size.MIB_1, Size.MIB_64) : Set.of();
    }

    @Override
    List<Integer> treeFiles(int place) {
      return place < 2 ? List.of(SMALL_TREE_FILES) : List.of();
    }

    @Override
    List<Integer> walkedTreeFiles(int place) {
      return place < 1 ? List.of(SMALL_TREE_FILES) : List.of();
    }

    @Override
    int crossings() {
      return 1;
    }

    @Override
    Set<Size> moveSizes(int crossing) {
      return EnumSet.of(Size.KIB_4, Size.MIB_64);
    }
  },

  /** For the record. */
  FULL(Duration.ofMinutes(44)) {
    @Override
    Set<Size> copySizes(int place) {
      Set<Size> sizes = EnumSet.allOf(Size.class);
      if (place >= 3) {
        sizes.remove(Size.GIB_1);
      }
      if (place >= 4) {
        sizes.remove(Size.SPARSE_GIB_1);
      }
      return sizes;
    }

    @Override
    Set<Size> optionSizes(int place) {
      return place < 2 ? EnumSet.of(Size.KIB_4, Size.MIB_1) : Set.of();
    }

    @Override
    Set<Size> transferSizes(int place) {
      return place < 3 ? EnumSet.of(Size.KIB_4, Size.KIB_64, Size.MIB_1, Size.MIB_64) : Set.of();
    }

    @Override
    List<Integer> treeFiles(int place) {
      return place < 2 ? List.of(SMALL_TREE_FILES, LARGE_TREE_FILES) : List.of();
    }

    @Override
    List<Integer> walkedTreeFiles(int place) {
      return place < 2 ? List.of(SMALL_TREE_FILES) : List.of();
    }

    @Override
    int crossings() {
      return 4;
    }

    @Override
    Set<Size> moveSizes(int crossing) {
      return crossing < 2 ? EnumSet.of(Size.KIB_4, Size.MIB_1, Size.MIB_64) : Set.of();
    }
  };

  static final int SMALL_TREE_FILES = 2_000;
  private static final int LARGE_TREE_FILES = 20_000;

  private final Duration budget;

  Scope(Duration budget) {
    this.budget = budget;
  }

  /** The time for all of it. */
  Duration budget() {
    return budget;
  }

  /** Where new JVMs copy. */
  List<Place> newJvmPlaces(List<Place> all) {
    return all;
  }

  /** Sizes for {@code Files.copy} within the place of that index. */
  abstract Set<Size> copySizes(int place);

  /** Sizes for its options. */
  abstract Set<Size> optionSizes(int place);

  /** Sizes for channels and streams. */
  abstract Set<Size> transferSizes(int place);

  /** Sizes of trees for {@code copyTree}, in files. */
  abstract List<Integer> treeFiles(int place);

  /** Sizes of trees for a program that walks by itself. */
  abstract List<Integer> walkedTreeFiles(int place);

  /** How many pairs of unlike places. */
  abstract int crossings();

  /** Sizes for {@code Files.move} between the places of that pair. */
  abstract Set<Size> moveSizes(int crossing);

  Set<Size> crossingSizes() {
    return EnumSet.of(Size.KIB_4, Size.MIB_1, Size.MIB_64);
  }
}
