package dev.heddle;

import org.jspecify.annotations.Nullable;

/// A function of any number of arguments of one type, which runs on a worker: `parts -> join(parts)`.
@FunctionalInterface
public interface TaskN<A extends @Nullable Object, R extends @Nullable Object>
    extends
      dev.heddle.code.TaskN<A, R> {
  @Override
  default @Nullable Object apply(@Nullable Object[] arguments) throws Exception {
    return Outcomes.checked(dev.heddle.code.TaskN.super.apply(arguments));
  }
}
