package dev.copyoffload.spi;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a contract once a file system, with both ends in it. */
final class EachVolume implements ArgumentsProvider {
  @Override
  public Stream<Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    return Volumes.of(context).all().stream()
        .map(volume -> Arguments.of(new Route(volume, volume)));
  }
}
