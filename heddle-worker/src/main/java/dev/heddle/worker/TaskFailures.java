package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import java.util.List;
import java.util.Optional;

/// The failures that the worker itself finds.
final class TaskFailures {
  private TaskFailures() {}

  /// Nobody could be found who has an input.
  static Failure missingInput(Key task, Key input, List<String> troubles) {
    var why = troubles.isEmpty() ? "no worker has it" : String.join("; ", troubles);
    return failure(MissingInputException.class, "'" + task + "' was not computed: its input '"
        + input + "' cannot be had: " + why + "; put or compute it first", Optional.empty());
  }

  /// An input was to be computed here and was not.
  ///
  /// @param root which task failed first
  static Failure inputFailed(Key task, Key input, Key root, Failure cause) {
    var through = input.equals(root) ? "" : " (which needs '" + root + "')";
    return failure(InputFailedException.class,
        "'" + task + "' was not computed: its input '" + input + "'" + through + " failed: "
            + cause,
        Optional.of(cause));
  }

  static Failure inputCancelled(Key input) {
    return failure(java.util.concurrent.CancellationException.class,
        "'" + input + "' was cancelled", Optional.empty());
  }

  static Failure failure(Class<? extends Throwable> type, String message,
      Optional<Failure> cause) {
    return new Failure(type.getName(), message, List.of(), 0, cause, List.of(), Optional.empty());
  }
}
