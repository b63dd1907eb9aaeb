package dev.heddle.worker;

import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The failures that the worker itself finds.
final class TaskFailures {
  private static final Map<String, Function<String, Throwable>> MADE_BY_NAME = Map.of(
      MissingInputException.class.getName(), MissingInputException::new,
      InputFailedException.class.getName(), InputFailedException::new,
      ValueTooLargeException.class.getName(), ValueTooLargeException::new);

  private TaskFailures() {}

  /// The exception that `failure` describes: those that are made here are made again, since no
  /// exception travelled with them; others as `restore` has them.
  static Throwable restored(Failure failure, Function<Failure, Throwable> restore) {
    var make = MADE_BY_NAME.get(failure.type());
    if (make == null || failure.original().isPresent()) {
      return restore.apply(failure);
    }
    var made = make.apply(failure.message());
    failure.cause().ifPresent(cause -> made.initCause(restored(cause, restore)));
    return made;
  }

  /// Nobody could be found who has an input.
  static Failure missingInput(Key task, Key input, List<String> troubles) {
    var why = troubles.isEmpty() ? "no worker has it" : String.join("; ", troubles);
    return failure(MissingInputException.class,
        ErrorCode.INPUT_MISSING.of("'" + task + "' was not computed: its input '" + input
            + "' cannot be had: " + why + "; put or compute it first"),
        Optional.empty());
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
    return failure(CancellationException.class,
        "'" + input + "' was cancelled", Optional.empty());
  }

  /// @param bytes what they take in memory, together
  static Failure tooLargeInputs(Key task, long bytes, long limit, WorkerId worker) {
    return failure(ValueTooLargeException.class,
        ErrorCode.VALUE_TOO_LARGE.of("'" + task + "' was not computed: its inputs take " + bytes
            + " bytes of memory, and " + worker + " has " + limit + " bytes for values"
            + " (--memory-limit); let the task take less at a time, or raise the limit"),
        Optional.empty());
  }

  /// A function ran for as long as it may.
  static Failure timeout(Key task, long limitMillis, long ranNanos, WorkerId worker) {
    return failure(TimeoutException.class,
        ErrorCode.TASK_TIME_LIMIT.of("'" + task + "' may run for " + limitMillis
            + " ms, and was interrupted on " + worker + " after " + ranNanos / 1_000_000
            + " ms; let it do less, or submit it with a longer timeout"),
        Optional.empty());
  }

  static Failure failure(Class<? extends Throwable> type, String message,
      Optional<Failure> cause) {
    return new Failure(type.getName(), message, List.of(), 0, cause, List.of(), Optional.empty());
  }
}
