package dev.heddle.wire;

/// The function of a task, opaque to everybody but the worker that runs it.
public sealed interface Callee {
  /// The one that [Message.Define] gave this number on the same connection.
  record Known(int function) implements Callee {}

  /// One that travels along, for it is used once.
  record Carried(Payload payload) implements Callee {}
}
