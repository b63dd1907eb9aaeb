package dev.heddle.junit;

/// What may go wrong under [Faults].
public enum Fault {
  /// A worker dies in the middle of whatever it does, with all its values, and another life of it is started in its
  /// place. A worker process is killed (SIGKILL).
  CRASH,
  /// What one node says to another is held back, for 1 to 200 ms.
  DELAY,
  /// A connection is lost: it is closed, reset, reset in the middle of a message, or says nothing more.
  DISCONNECT
}
