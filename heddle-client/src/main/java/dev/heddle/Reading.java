package dev.heddle;

import dev.heddle.code.TaskScope;
import dev.heddle.values.UndecodableValueException;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Begun;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Gets the values of tasks for those who ask, in their threads: waits until there is one, fetches
/// it, makes an object of it.
// An outcome is another one if it is another object, whatever is in it.
@SuppressWarnings("ReferenceEquality")
final class Reading {
  /// How often the scheduler is asked to find a value again before it is given up.
  private static final int ROUNDS_MAX = 20;
  private static final Duration EXPLAIN_TIMEOUT = Duration.ofSeconds(5);

  private final ClientCore core;
  private final Fetching fetching;

  /// Until when somebody waits.
  private record Limit(boolean limited, long timeoutNanos, long deadlineNanos) {
    static final Limit NONE = new Limit(false, 0, 0);

    static Limit of(long nanos) {
      return new Limit(true, nanos, System.nanoTime() + Math.max(0, nanos));
    }
  }

  Reading(ClientCore core, Fetching fetching) {
    this.core = core;
    this.fetching = fetching;
  }

  @Nullable
  Object get(Entry entry) throws InterruptedException, ExecutionException {
    try {
      return get(entry, Limit.NONE);
    } catch (TimeoutException e) {
      throw new AssertionError("nobody set a limit", e);
    }
  }

  @Nullable
  Object get(Entry entry, long timeoutNanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    return get(entry, Limit.of(timeoutNanos));
  }

  private @Nullable Object get(Entry entry, Limit limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    var outcome = entry.outcome;
    if (outcome instanceof Outcome.Decoded(var value)) {
      return value;
    }
    if (outcome != null && outcome.isSettled()) {
      return here(entry, outcome);
    }
    return withoutSlot(() -> await(entry, limit));
  }

  /// A wait of a known kind.
  interface Wait<R extends @Nullable Object> {
    R call() throws InterruptedException, ExecutionException, TimeoutException;
  }

  /// Waits so that, inside a task, another task may use this one's thread.
  static <R extends @Nullable Object> R withoutSlot(Wait<R> wait)
      throws InterruptedException, ExecutionException, TimeoutException {
    var scope = TaskScope.current();
    if (scope.isEmpty()) {
      return wait.call();
    }
    try {
      return scope.get().withoutSlot(wait::call);
    } catch (InterruptedException | ExecutionException | TimeoutException
        | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no wait throws this", e);
    }
  }

  private @Nullable Object await(Entry entry, Limit limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (var round = 0;; round++) {
      var outcome = entry.outcome;
      if (outcome == null) {
        change(entry, null, limit);
      } else if (outcome instanceof Outcome.Elsewhere elsewhere) {
        if (round > ROUNDS_MAX) {
          throw new ExecutionException(new ClusterUnavailableException("the value of '"
              + entry.key() + "' could not be had from " + elsewhere.holders()
              + ", nor from others that the scheduler named, " + round
              + " times; are the workers reachable from here?"));
        }
        if (!fetching.fetch(entry, elsewhere, limit.limited(), limit.deadlineNanos())) {
          core.ledger().need(entry, elsewhere);
          change(entry, elsewhere, limit);
        }
      } else {
        return here(entry, outcome);
      }
    }
  }

  /// Waits until it is done, however that is.
  void awaitDone(Entry entry) throws InterruptedException {
    awaitDone(entry, false, 0);
  }

  /// @return false if the time was up
  boolean awaitDone(Entry entry, boolean limited, long deadlineNanos)
      throws InterruptedException {
    while (entry.outcome == null) {
      if (!changed(entry, null, limited, deadlineNanos)) {
        return false;
      }
    }
    return true;
  }

  /// Waits until it is done, and if it was cancelled, until it is known whether it had begun.
  ///
  /// @return false if the time was up
  boolean awaitBegun(Entry entry, long deadlineNanos) throws InterruptedException {
    if (!awaitDone(entry, true, deadlineNanos)) {
      return false;
    }
    while (entry.outcome instanceof Outcome.Cancelled end && end.begun() == Begun.UNTOLD) {
      if (!changed(entry, end, true, deadlineNanos)) {
        return false;
      }
    }
    return true;
  }

  private void change(Entry entry, @Nullable Outcome seen, Limit limit)
      throws InterruptedException, TimeoutException {
    if (!changed(entry, seen, limit.limited(), limit.deadlineNanos())) {
      throw new TimeoutException(ErrorCode.WAIT_TOO_LONG.of(late(entry, limit)));
    }
  }

  /// Waits for another outcome than `seen`.
  ///
  /// @return false if the time was up
  private boolean changed(Entry entry, @Nullable Outcome seen, boolean limited,
      long deadlineNanos) throws InterruptedException {
    var waiter = new ThreadWaiter();
    if (!core.ledger().await(entry, seen, waiter)) {
      return true;
    }
    var isWoken = false;
    try {
      isWoken = waiter.await(limited, deadlineNanos);
    } finally {
      if (!isWoken) {
        core.ledger().stopWaiting(entry, waiter);
      }
    }
    return isWoken || entry.outcome != seen;
  }

  private String late(Entry entry, Limit limit) throws InterruptedException {
    var text = "'" + entry.key() + "' is not done after "
        + Texts.of(Duration.ofNanos(limit.timeoutNanos()));
    if (!core.ledger().isConnected()) {
      return text + ", and the scheduler is away";
    }
    try {
      return core.session().ask(new Message.Explain(entry.key()),
          EXPLAIN_TIMEOUT) instanceof Message.Text(var why, _)
              ? text + ": " + about(entry, why)
              : text;
    } catch (ClusterUnavailableException e) {
      return text + ", and the scheduler does not say why: " + e.getMessage();
    } catch (ClientClosedException e) {
      return text + ", and the client was closed";
    }
  }

  /// Without the name of the task again.
  private static String about(Entry entry, String why) {
    var name = "'" + entry.key() + "' ";
    return why.startsWith(name) ? "it " + why.substring(name.length()) : why;
  }

  /// What a settled entry gives.
  @Nullable
  Object here(Entry entry, Outcome outcome) throws ExecutionException {
    return switch (outcome) {
      case Outcome.Decoded(var value) -> value;
      case Outcome.Encoded encoded -> decoded(entry, encoded);
      case Outcome.Failed failed ->
        throw Frames.outside(
            new ExecutionException(failed.text(entry.key()), cause(entry, failed)));
      case Outcome.Ended(var cause) -> throw Frames.outside(
          new ExecutionException("'" + entry.key() + "': " + cause.getMessage(), cause));
      case Outcome.Cancelled(var reason, _) ->
        throw new CancellationException("'" + entry.key() + "' was cancelled: " + reason);
      case Outcome.Closed(var reason) ->
        throw new CancellationException("'" + entry.key() + "' was cancelled: " + reason);
      case Outcome.Elsewhere _ -> throw new IllegalStateException("it is not here");
    };
  }

  private @Nullable Object decoded(Entry entry, Outcome.Encoded encoded)
      throws ExecutionException {
    try {
      var value = core.code().values().decode(encoded.payload());
      core.ledger().arrived(entry, encoded, new Outcome.Decoded(value));
      return value;
    } catch (UndecodableValueException e) {
      throw new ExecutionException("the value of '" + entry.key() + "' came and cannot be read: "
          + e.getMessage(), e);
    }
  }

  /// What a failed task threw.
  Throwable failure(Entry entry) {
    return switch (entry.outcome) {
      case Outcome.Failed failed -> cause(entry, failed);
      case Outcome.Ended(var cause) -> cause;
      case Outcome.Decoded _,Outcome.Encoded _,Outcome.Elsewhere _,Outcome.Cancelled _,Outcome.Closed _ ->
        throw new IllegalStateException("'" + entry + "' did not fail");
      case null -> throw new IllegalStateException("'" + entry + "' is not done");
    };
  }

  private Throwable cause(Entry entry, Outcome.Failed failed) {
    return failed.cause(failure -> stitched(entry, failed, failure));
  }

  /// The original failure, which also shows where it was, where the task was submitted, and what needed it.
  private Throwable stitched(Entry entry, Outcome.Failed failed, Failure failure) {
    var original = core.code().restore(failure);
    Frames.fold(original);
    original.addSuppressed(Submission.Trace.of(failed.story(entry),
        failed.chain.origin(entry.submitted)));
    return original;
  }
}
