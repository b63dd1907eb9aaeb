package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function of one argument: `a -> a * 2`; it runs on a worker.
@FunctionalInterface
public interface Task1<A extends @Nullable Object, R extends @Nullable Object>
    extends
      dev.heddle.code.Task1<A, R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.Task1.super.apply(arguments));
  }
}
