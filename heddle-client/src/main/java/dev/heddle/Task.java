package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function without arguments that runs on a worker: `() -> 20 + 1`.
@FunctionalInterface
public interface Task<R extends @Nullable Object> extends dev.heddle.code.Task<R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.Task.super.apply(arguments));
  }
}
