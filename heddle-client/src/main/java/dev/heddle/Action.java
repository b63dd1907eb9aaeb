package dev.heddle;

import dev.heddle.code.RemoteFunction;
import org.jspecify.annotations.Nullable;

/// A function without arguments and without a result that runs on a worker: `() -> sendReport()`. Where a
/// lambda could be a [Task] as well, it is that. A reference to a method of which there are several needs a
/// cast, or a lambda: `client.submit(() -> LocalDate.now())`.
@FunctionalInterface
public interface Action extends RemoteFunction {
  void run() throws Exception;

  // That a lambda gives `run` is what the interface is for.
  @SuppressWarnings("FunctionalInterfaceMethodChanged")
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    RemoteFunction.exactly(0, arguments);
    run();
    return null;
  }
}
