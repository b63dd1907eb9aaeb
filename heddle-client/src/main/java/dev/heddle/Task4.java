package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function of four arguments; it runs on a worker.
@FunctionalInterface
public interface Task4<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, D extends @Nullable Object, R extends @Nullable Object>
    extends
      dev.heddle.code.Task4<A, B, C, D, R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.Task4.super.apply(arguments));
  }
}
