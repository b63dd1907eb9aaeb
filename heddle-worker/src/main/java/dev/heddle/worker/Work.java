package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Argument;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A function and what to call it with.
///
/// @param captured keys whose values the function refers to, beyond its arguments
/// @param fingerprint tells this work from other work: equal for the same function and arguments.
///     Empty where the key alone does, as that of a scheduler's task.
/// @param order what runs first when several could: the smallest
/// @param timeoutMillis how long the function may run; 0 for any time
/// @param blocking whether it mostly waits, and so needs no slot
/// @param scheduler where the scheduler is reached that assigned it, if one did
/// @param trace which trace it belongs to, and at which attempt it is
/// @param hold keeps the classes of the arguments available for as long as this is reachable
record Work(Definition function, List<Argument> arguments, List<Key> captured,
    Optional<ContentHash> fingerprint, long order, long timeoutMillis, boolean blocking,
    Optional<Address> scheduler, Message.Trace trace, Object hold) {
  Work {
    arguments = List.copyOf(arguments);
    captured = List.copyOf(captured);
  }

  /// What a caller asks for: in its turn, for as long as it takes.
  static Work asked(Definition function, List<Argument> arguments, ContentHash fingerprint,
      boolean blocking, Object hold) {
    return new Work(function, arguments, List.of(), Optional.of(fingerprint), 0, 0, blocking,
        Optional.empty(), Message.Trace.NONE, hold);
  }

  /// The keys that it needs, each once: those of its arguments in their order, then those that its
  /// function captured.
  Set<Key> inputs() {
    var keys = captured.isEmpty() ? null : new LinkedHashSet<Key>();
    for (var argument : arguments) {
      if (argument instanceof Argument.Stored(var key)) {
        keys = keys == null ? new LinkedHashSet<>() : keys;
        keys.add(key);
      }
    }
    if (keys == null) {
      return Set.of();
    }
    keys.addAll(captured);
    return keys;
  }
}
