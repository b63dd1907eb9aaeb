package dev.heddle;

/// Why a client can do no more.
final class Endings {
  private Endings() {}

  /// The same for another caller, with the caller's stack.
  static RuntimeException again(RuntimeException cause) {
    var again = cause instanceof ClientClosedException
        ? new ClientClosedException(String.valueOf(cause.getMessage()))
        : new ClusterUnavailableException(String.valueOf(cause.getMessage()));
    again.initCause(cause);
    return again;
  }
}
