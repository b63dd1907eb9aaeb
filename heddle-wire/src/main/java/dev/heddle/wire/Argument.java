package dev.heddle.wire;

/// What a computation is called with.
public sealed interface Argument {
  /// The value stored under `key`, wherever it is.
  record Stored(Key key) implements Argument {}

  /// A value that travels with the request.
  record Inline(Payload payload) implements Argument {}
}
