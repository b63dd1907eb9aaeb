package dev.heddle.wire;

/// What a client gives a function to work on.
public sealed interface Operand {
  /// The value of another task of the same client, by its number.
  record OfTask(long task) implements Operand {}

  /// A value that travels along.
  record Inline(Payload payload) implements Operand {}
}
