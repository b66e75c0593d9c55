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
    List<Volume> volumes = Volumes.of(context).all();
    if ("all".equals(System.getProperty("copyoffload.test.routes"))) {
      return volumes.stream()
          .flatMap(from -> volumes.stream().map(to -> Arguments.of(new Route(from, to))));
    }
    return IntStream.range(0, volumes.size())
        .boxed()
        .flatMap(i -> Stream.of(i, i + 1).map(to -> route(volumes, i, to)))
        .distinct()
        .map(Arguments::of);
  }

  private static Route route(List<Volume> volumes, int from, int to) {
    return new Route(volumes.get(from), volumes.get(to % volumes.size()));
  }
}
