package dev.copyoffload.spi;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs a contract within each file system and from each to the next; with {@code
 * copyoffload.test.routes=all} for every ordered pair. What is tested then differs in what moves
 * the bytes, and that need not be shown again in every mode.
 */
final class EachRoute implements ArgumentsProvider {
  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return routes(context, "all".equals(System.getProperty("copyoffload.test.routes")));
  }

  static Stream<Arguments> routes(ExtensionContext context, boolean all) {
    List<Volume> volumes = Volumes.of(context).all();
    int count = volumes.size();
    return IntStream.range(0, count * count)
        .filter(i -> all || Math.floorMod(i % count - i / count, count) <= 1)
        .mapToObj(i -> new Route(volumes.get(i / count), volumes.get(i % count)))
        .filter(Route::isListed)
        .map(Arguments::of);
  }
}
