package dev.heddle.scheduler;

import dev.heddle.wire.Payload;

/// A function as a client sent it: never opened here, and told from another by identity.
final class Function {
  private final Payload payload;
  private final boolean shared;

  /// @param shared whether many tasks use it, so that a worker is sent it once, under a number
  Function(Payload payload, boolean shared) {
    this.payload = payload;
    this.shared = shared;
  }

  Payload payload() {
    return payload;
  }

  boolean shared() {
    return shared;
  }
}
