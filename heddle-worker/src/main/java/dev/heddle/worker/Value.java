package dev.heddle.worker;

import dev.heddle.wire.Payload;
import java.util.Optional;

/// A value that the worker holds. The state machine passes it on and asks only for what costs nothing.
interface Value {
  /// What it takes up, in bytes; an estimate where it was never serialized.
  long sizeBytes();

  /// What it takes up in memory when it is there, in bytes: nearer to the truth the more is known.
  /// Never waits.
  default long memoryBytes() {
    return sizeBytes();
  }

  /// The name of its class, `null` for null.
  String type();

  /// The value as it travels, where it is small and no code of a program's is needed to tell. Never
  /// waits.
  default Optional<Payload> small() {
    return Optional.empty();
  }
}
