package dev.heddle.wire;

/// What was asked and has no answer yet.
sealed interface Pending permits PendingCall, Pending.Question {
  /// @param question of [Connection#ask], whose answer goes to the handler
  record Question(Object question) implements Pending {}
}
