package dev.heddle;

import dev.heddle.wire.ErrorCode;
import org.jspecify.annotations.Nullable;

/// What functions may give.
final class Outcomes {
  private Outcomes() {}

  /// @throws IllegalArgumentException if it is a future
  static @Nullable Object checked(@Nullable Object result) {
    if (result instanceof RemoteFuture<?> future) {
      throw new IllegalArgumentException(ErrorCode.FUTURE_MISPLACED.of("the function returned"
          + " the future '" + future.key() + "', and a future cannot be a task's result: return"
          + " its value, future.get(), or submit that task from the outside"));
    }
    return result;
  }
}
