package dev.heddle.worker;

import dev.heddle.wire.Argument;
import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A function and what to call it with.
///
/// @param fingerprint tells this work from other work: equal for the same function and arguments
/// @param blocking whether it mostly waits, and so needs no slot
/// @param hold keeps the function's classes available for as long as this is reachable
record Work(Payload function, List<Argument> arguments, ContentHash fingerprint, boolean blocking,
    Object hold) {
  Work {
    arguments = List.copyOf(arguments);
  }

  /// The keys that it is called with, each once, in the order of the arguments.
  Set<Key> inputs() {
    var keys = new LinkedHashSet<Key>();
    for (var argument : arguments) {
      if (argument instanceof Argument.Stored(var key)) {
        keys.add(key);
      }
    }
    return keys;
  }
}
