package dev.heddle;

import dev.heddle.wire.Message.Begun;
import org.jspecify.annotations.Nullable;

/// How a task ends that needs one that gave no value.
final class DependentOutcome {
  private DependentOutcome() {}

  /// @return null if every input has a value, or will have
  static @Nullable Outcome of(Entry entry) {
    for (var input : entry.inputs) {
      var end = switch (input.outcome) {
        case Outcome.Failed failed -> failed.through(input);
        case Outcome.Ended ended -> ended;
        case Outcome.Cancelled(var reason, _) ->
          new Outcome.Cancelled("'" + input.key() + "', which it needs, was cancelled: " + reason,
              entry.toldEpoch == 0 ? Begun.NO : Begun.PERHAPS);
        case Outcome.Decoded _,Outcome.Encoded _,Outcome.Elsewhere _,Outcome.Closed _ -> null;
        case null -> null;
      };
      if (end != null) {
        return end;
      }
    }
    return null;
  }
}
