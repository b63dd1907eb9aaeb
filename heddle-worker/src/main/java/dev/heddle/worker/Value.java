package dev.heddle.worker;

/// A value that the worker holds. The state machine passes it on and asks only for its size.
interface Value {
  /// What it takes up, in bytes; an estimate where it was never serialized.
  long sizeBytes();

  /// The name of its class, `null` for null.
  String type();
}
