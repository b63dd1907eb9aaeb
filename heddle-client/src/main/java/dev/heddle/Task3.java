package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function of three arguments; it runs on a worker.
@FunctionalInterface
public interface Task3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R extends @Nullable Object>
    extends
      dev.heddle.code.Task3<A, B, C, R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.Task3.super.apply(arguments));
  }
}
