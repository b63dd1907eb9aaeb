package dev.heddle;

import dev.heddle.wire.Callee;
import dev.heddle.wire.Payload;

/// A function as it travels; shared by the tasks that call it. Guarded by the ledger's turn, but for
/// what is final.
final class EncodedFunction {
  final Payload payload;
  /// By which the scheduler knows it; 0 for one that travels with its task.
  private final int number;
  /// The connection on which it was defined; 0 for none.
  private int definedEpoch;
  /// Whether it stays defined when nobody uses it at the moment.
  boolean isCached;

  EncodedFunction(Payload payload, int number) {
    this.payload = payload;
    this.number = number;
  }

  int number() {
    return number;
  }

  /// Whether the scheduler has to be told before it is called on this connection.
  boolean needsDefinition(int epoch) {
    return number != 0 && definedEpoch != epoch;
  }

  void defined(int epoch) {
    definedEpoch = epoch;
  }

  void undefined() {
    definedEpoch = 0;
  }

  Callee callee() {
    return number == 0 ? new Callee.Carried(payload) : new Callee.Known(number);
  }
}
