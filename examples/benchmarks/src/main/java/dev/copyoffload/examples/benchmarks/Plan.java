package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Which calls are timed, on which sizes and between which places. */
final class Plan {
  private static final int WALKED_FILES = 10_000;
  private static final Set<Size> FLOOR_SIZES =
      EnumSet.of(Size.KIB_4, Size.MIB_1, Size.MIB_64, Size.GIB_1);

  /** For less, all of the time is the process's. */
  private static final Set<Size> CP_SIZES = EnumSet.of(Size.MIB_64, Size.GIB_1);

  private static final Pace METADATA = Pace.timed(60, 6, 5);
  private static final Pace WALK = Pace.timed(100, 3, 4);
  private static final Pace SMALL_TREE = Pace.batches(1, 4, 3);
  private static final Pace LARGE_TREE = Pace.batches(1, 1, 1);

  private final Scope scope;
  private final List<Place> places;
  private final Pattern only;
  private final Inputs inputs;
  private final Consumer<String> leftOut;

  /**
   * Makes a plan.
   *
   * @param scope how much
   * @param places where: the first two get every call, and the first four the crossing pairs
   * @param only rows whose name has no match are left out
   * @param inputs where the files come from; only those of the rows that are left are made
   * @param leftOut told of each row that there is no room for, and why
   */
  Plan(Scope scope, List<Place> places, Pattern only, Inputs inputs, Consumer<String> leftOut) {
    this.scope = scope;
    this.places = places;
    this.only = only;
    this.inputs = inputs;
    this.leftOut = leftOut;
  }

  List<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      Rows rows = new Rows(place, place);
      rows.files(Call.COPY, scope.copySizes(i));
      rows.files(Call.COPY_ATTRIBUTES, scope.optionSizes(i));
      rows.files(Call.COPY_REPLACING, scope.optionSizes(i));
      rows.addTo(blocks, "copies");
      rows = new Rows(place, place);
      for (Call call :
          List.of(
              Call.TRANSFER_TO,
              Call.TRANSFER_FROM,
              Call.STREAM,
              Call.FROM_STREAM,
              Call.TO_STREAM)) {
        rows.files(call, scope.transferSizes(i));
      }
      rows.addTo(blocks, "transfers");
      rows = new Rows(place, place);
      for (int files : scope.walkedTreeFiles(i)) {
        rows.tree(Call.TREE_WALK, files);
      }
      for (int files : scope.treeFiles(i)) {
        rows.tree(Call.TREE, files);
        if (files > Scope.SMALL_TREE_FILES) {
          rows.tree(Call.TREE_ATTRIBUTES, files);
        }
      }
      rows.addTo(blocks, "trees");
    }
    for (int i = 0; i < scope.crossings() && places.size() > 1; i++) {
      Rows rows = new Rows(places.get((i + 1) % places.size()), places.get(i % places.size()));
      rows.files(Call.COPY, scope.crossingSizes());
      rows.files(Call.MOVE, scope.moveSizes(i));
      rows.addTo(blocks, "crossing");
    }
    metadata(places.get(0)).addTo(blocks, "metadata");
    return blocks;
  }

  private Rows metadata(Place place) throws IOException {
    Rows rows = new Rows(place, place);
    rows.files(Call.MOVE, EnumSet.of(Size.KIB_4));
    for (Call call :
        List.of(Call.EXISTS, Call.EXISTS_MISSING, Call.READ_ATTRIBUTES, Call.OPEN_CLOSE)) {
      rows.reading(call, Size.KIB_4);
    }
    rows.reading(Call.READ_ALL, Size.KIB_4);
    rows.reading(Call.READ_ALL, Size.MIB_1);
    rows.walk();
    return rows;
  }

  /** The rows of one block. */
  private final class Rows {
    private final Place source;
    private final Place target;
    private final List<Measurement> measurements = new ArrayList<>();

    Rows(Place source, Place target) {
      this.source = source;
      this.target = target;
    }

    void files(Call call, Set<Size> sizes) throws IOException {
      for (Size size : sizes) {
        RowKey key = new RowKey(call.label(), size.label(), source.name(), target.name());
        if (isWanted(key) && hasRoom(key, size)) {
          Path copies = inputs.copies(target);
          Map<String, String> parameters =
              call == Call.MOVE
                  ? Map.of(
                      "sourceDirectory",
                      inputs.copies(source).toString(),
                      "source",
                      inputs.file(source, size).toString(),
                      "directory",
                      copies.toString())
                  : Map.of(
                      "source",
                      inputs.file(source, size).toString(),
                      "directory",
                      copies.toString());
          measurements.add(
              new Measurement(key, call, parameters, size.pace(), references(call, size)));
        }
      }
    }

    void tree(Call call, int files) throws IOException {
      RowKey key =
          new RowKey(call.label(), "%,d × 4 KiB".formatted(files), source.name(), target.name());
      if (isWanted(key)) {
        Map<String, String> parameters =
            Map.of(
                "source", inputs.tree(source, files).toString(),
                "directory", inputs.copies(target).toString());
        boolean large = files > Scope.SMALL_TREE_FILES;
        Set<Variant> references = large ? EnumSet.of(Variant.CP) : Set.of();
        measurements.add(
            new Measurement(key, call, parameters, large ? LARGE_TREE : SMALL_TREE, references));
      }
    }

    void reading(Call call, Size size) throws IOException {
      RowKey key = new RowKey(call.label(), size.label(), source.name(), "");
      if (isWanted(key)) {
        Map<String, String> parameters = Map.of("source", inputs.file(source, size).toString());
        measurements.add(new Measurement(key, call, parameters, METADATA, Set.of()));
      }
    }

    void walk() throws IOException {
      RowKey key =
          new RowKey(Call.WALK.label(), "%,d files".formatted(WALKED_FILES), source.name(), "");
      if (isWanted(key)) {
        Map<String, String> parameters =
            Map.of("source", inputs.tree(source, WALKED_FILES).toString());
        measurements.add(new Measurement(key, Call.WALK, parameters, WALK, Set.of()));
      }
    }

    void addTo(List<Block> blocks, String name) {
      if (!measurements.isEmpty()) {
        RowKey places = new RowKey("", "", source.name(), target.name());
        blocks.add(new Block(name + " " + places.places(), List.copyOf(measurements)));
      }
    }

    private static Set<Variant> references(Call call, Size size) {
      Set<Variant> references = EnumSet.noneOf(Variant.class);
      if (call == Call.COPY && FLOOR_SIZES.contains(size)) {
        references.add(Variant.FLOOR);
      }
      if (call == Call.COPY && CP_SIZES.contains(size)) {
        references.add(Variant.CP);
      }
      return references;
    }

    private boolean isWanted(RowKey key) {
      return only.matcher(key.toString()).find();
    }

    /** There must be room for the source, its copies, and air for the file system itself. */
    private boolean hasRoom(RowKey key, Size size) throws IOException {
      long needed = size.bytes() * (size.pace().batch() + 2L);
      long free = Math.min(free(source), free(target));
      if (free < needed) {
        leftOut.accept(
            "left out: %s: %,d MiB are needed, %,d are free"
                .formatted(key, needed >> 20, free >> 20));
      }
      return free >= needed;
    }

    private static long free(Place place) throws IOException {
      return Files.getFileStore(place.directory()).getUsableSpace();
    }
  }
}
