package dev.heddle.scheduler;

import dev.heddle.wire.Attempt;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.Message.Result;
import java.util.Optional;

/// Why a task, and all that depends on it, has no value. One object for all of them.
sealed interface Verdict {
  /// @param root the task that failed first
  /// @param attempt where it failed; empty if that was on no worker, or on several
  record Failed(Key root, Optional<Attempt> attempt, Failure failure) implements Verdict {}

  record Cancelled(String reason) implements Verdict {}

  record Lost(String reason) implements Verdict {}

  /// What a client is told of its task `number`.
  ///
  /// @param own whether that very task is the root
  /// @param begun whether that task's function was called
  default Result result(long number, boolean own, Begun begun) {
    return switch (this) {
      case Failed(var root, var attempt, var failure) ->
        new Result.Failed(number, own ? Optional.empty() : Optional.of(root), attempt, failure);
      case Cancelled(var reason) -> new Result.Cancelled(number, reason, begun);
      case Lost(var reason) -> new Result.Lost(number, reason);
    };
  }

  /// For people.
  default String text() {
    return switch (this) {
      case Failed(var root, var attempt, var failure) -> "it failed, because '" + root
          + "' failed: " + failure + attempt.map(where -> " (" + where + ")").orElse("");
      case Cancelled(var reason) -> "it was cancelled: " + reason;
      case Lost(var reason) -> "it cannot be had: " + reason;
    };
  }
}
