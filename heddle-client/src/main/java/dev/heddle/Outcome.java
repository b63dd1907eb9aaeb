package dev.heddle;

import dev.heddle.values.Values;
import dev.heddle.wire.Attempt;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a task ended, and where its value is.
sealed interface Outcome {
  /// The value, here.
  record Decoded(@Nullable Object value) implements Outcome {}

  /// The value, here, as it came.
  record Encoded(Payload payload) implements Outcome {}

  /// The value, on workers.
  record Elsewhere(String type, long sizeBytes, List<WorkerAt> holders) implements Outcome {}

  /// The task, or one that it needs, failed; or its value cannot be sent. Restored once, when somebody asks.
  final class Failed implements Outcome {
    /// The task that failed first, where this one failed because of that.
    final Optional<Key> origin;
    /// The input of it through which that came, where that is known.
    final Optional<Key> input;
    /// Where the first that failed did; empty if that was on no worker, or on several.
    final Optional<Attempt> attempt;
    final Failure failure;
    /// Through which tasks it came here, as far as they are known.
    final Chain chain;
    /// Whether it did give a value, which cannot leave its worker.
    private final boolean isDone;
    private @Nullable Throwable restored;

    Failed(Optional<Key> origin, Optional<Key> input, Optional<Attempt> attempt,
        Failure failure, Chain chain) {
      this(origin, input, attempt, failure, chain, false);
    }

    private Failed(Optional<Key> origin, Optional<Key> input, Optional<Attempt> attempt,
        Failure failure, Chain chain, boolean isDone) {
      this.isDone = isDone;
      this.origin = origin;
      this.input = input;
      this.attempt = attempt;
      this.failure = failure;
      this.chain = chain;
    }

    /// A value that cannot be sent from where it is.
    static Failed unsendable(Failure failure) {
      return new Failed(Optional.empty(), Optional.empty(), Optional.empty(), failure, Chain.NONE,
          true);
    }

    /// How a task ends that has the one which ended so as its input.
    ///
    /// @param input that one
    Failed through(Entry input) {
      var key = input.key();
      return new Failed(Optional.of(origin.orElse(key)), Optional.of(key), attempt, failure,
          chain.through(key, input.submitted));
    }

    /// For people: where it ran, where it was submitted, and what needed it until that came to `entry`.
    String story(Entry entry) {
      var lines = new ArrayList<String>();
      lines.add(attempt.map(Object::toString)
          .orElseGet(() -> "'" + origin.orElseGet(entry::key) + "' " + how()));
      lines.addAll(chain.lines(entry.key(), entry.submitted));
      return String.join("\n\t  ", lines);
    }

    /// For people: what became of the task `key`.
    String text(Key key) {
      var what = failure + attempt.map(where -> " (" + where + ")").orElse("");
      if (origin.isEmpty() || origin.get().equals(key)) {
        return "'" + key + "' " + how() + ": " + what;
      }
      var first = "'" + origin.get() + "'";
      if (input.isEmpty()) {
        return "'" + key + "' was not computed since " + first + ", which it needs, failed: "
            + what;
      }
      return "'" + key + "' was not computed since its input '" + input.get() + "' "
          + (input.equals(origin) ? "failed: " : "was not, since " + first + " failed: ") + what;
    }

    private String how() {
      return isDone ? "is done, and its value cannot leave its worker" : "failed";
    }

    synchronized Throwable cause(Restoring restoring) {
      var known = restored;
      if (known == null) {
        known = restoring.restore(failure);
        restored = known;
      }
      return known;
    }
  }

  /// It ended without a word of the function: its value was lost, the cluster was, or this client
  /// was closed.
  record Ended(RuntimeException cause) implements Outcome {}

  /// @param begun whether its function had been called
  record Cancelled(String reason, Begun begun) implements Outcome {}

  /// This client does not want it any more; for others it goes on.
  record Closed(String reason) implements Outcome {}

  /// Makes an exception of its description.
  interface Restoring {
    Throwable restore(Failure failure);
  }

  /// Whether nothing more is needed of the cluster.
  default boolean isSettled() {
    return !(this instanceof Elsewhere);
  }

  default boolean isValue() {
    return switch (this) {
      case Decoded _,Encoded _,Elsewhere _ -> true;
      case Failed _,Ended _,Cancelled _,Closed _ -> false;
    };
  }

  /// The value as it travels.
  ///
  /// @throws IllegalStateException if it is not here
  default Payload payload(Values values) {
    return switch (this) {
      case Decoded(var value) -> values.encode(value);
      case Encoded(var payload) -> payload;
      case Elsewhere _,Failed _,Ended _,Cancelled _,Closed _ ->
        throw new IllegalStateException("there is no value here but " + this);
    };
  }
}
