package dev.heddle;

import org.jspecify.annotations.Nullable;

/// Somebody who wants to know of the next outcome of one entry.
abstract class Waiter {
  /// The next one of the same entry; guarded by the ledger's turn.
  @Nullable
  Waiter next;

  /// Called once, outside the turn. Must not wait.
  abstract void wake();
}
