package dev.heddle.junit;

/// What a test must not leave behind.
public enum Leak {
  /// Threads that live on: those of what was opened and not closed, and those that functions started.
  THREADS,
  /// Sockets that are open still. Looked for on Linux alone, where `/proc` tells of them.
  CONNECTIONS,
  /// Values that workers still hold, and programs that are still connected, after the test's client was closed.
  KEYS
}
