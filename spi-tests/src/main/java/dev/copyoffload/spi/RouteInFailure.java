package dev.copyoffload.spi;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Says in every failure on which file systems it happened, where reports drop that name. */
final class RouteInFailure implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (context.getRequiredTestInstance() instanceof DiskContract contract
        && !(failure instanceof TestAbortedException)) {
      throw new AssertionError(contract.route + ": " + failure.getMessage(), failure);
    }
    throw failure;
  }
}
