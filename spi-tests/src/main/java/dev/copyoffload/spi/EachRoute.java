package dev.copyoffload.spi;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a contract for every ordered pair of file systems, equal ones among them. */
final class EachRoute implements ArgumentsProvider {
  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    List<Volume> volumes = Volumes.of(context).all();
    return volumes.stream()
        .flatMap(from -> volumes.stream().map(to -> Arguments.of(new Route(from, to))));
  }
}
