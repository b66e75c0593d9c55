package dev.copyoffload.examples.benchmarks;

import java.util.List;

/**
 * Measurements that one JVM makes, one after the other.
 *
 * <p>They share the JVM because to start one and to load native code takes as long as most of them;
 * every variant makes the same ones in the same order.
 *
 * @param name what the progress line calls it
 * @param measurements in their order
 */
record Block(String name, List<Measurement> measurements) {
  List<Measurement> measurements(Variant variant) {
    return Variant.REFERENCES.contains(variant)
        ? measurements.stream().filter(m -> m.references().contains(variant)).toList()
        : measurements;
  }
}
