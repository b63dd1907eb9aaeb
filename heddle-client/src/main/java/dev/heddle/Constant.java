package dev.heddle;

import dev.heddle.code.RemoteFunction;
import org.jspecify.annotations.Nullable;

/// Gives its argument: the way to tell a scheduler of a value that the client has.
enum Constant implements RemoteFunction {
  FUNCTION;

  @Override
  public @Nullable Object apply(@Nullable Object[] arguments) {
    return RemoteFunction.exactly(1, arguments)[0];
  }
}
