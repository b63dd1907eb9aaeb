package dev.heddle.code;

import org.jspecify.annotations.Nullable;

/// A [RemoteFunction] of no argument.
@FunctionalInterface
public interface Task<R extends @Nullable Object>
    extends
      RemoteFunction {
  R call() throws Exception;

  // That a lambda gives `call` is what the interface is for.
  @SuppressWarnings("FunctionalInterfaceMethodChanged")
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    RemoteFunction.exactly(0, arguments);
    return call();
  }
}
