package dev.copyoffload.spi;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a contract within each file system and from each to the next. */
final class EachNeighbour implements ArgumentsProvider {
  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    List<Volume> volumes = Volumes.of(context).all();
    int count = volumes.size();
    return IntStream.range(0, 2 * count)
        .mapToObj(i -> new Route(volumes.get(i / 2), volumes.get((i + 1) / 2 % count)))
        .distinct()
        .map(Arguments::of);
  }
}
