package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function of two arguments: `(a, b) -> a + b`; it runs on a worker.
@FunctionalInterface
public interface Task2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
    extends
      dev.heddle.code.Task2<A, B, R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.Task2.super.apply(arguments));
  }
}
