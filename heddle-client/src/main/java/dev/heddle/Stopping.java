package dev.heddle;

import dev.heddle.wire.Message.Begun;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Stops tasks at once, and finds out which of them had not begun: the cluster knows.
final class Stopping {
  /// For so long the cluster is waited for. What it does not tell in time is taken to have begun.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ClientCore core;

  Stopping(ClientCore core) {
    this.core = core;
  }

  /// An interrupt does not shorten this, for what had not begun would be lost with it.
  ///
  /// @return those whose functions were never called
  Set<Entry> stop(List<Entry> entries) {
    for (var entry : entries) {
      core.ledger().endUntold(entry, new Outcome.Cancelled("by this program", Begun.NO));
    }
    core.ledger().abort(entries);
    awaitBegun(entries, System.nanoTime() + PATIENCE.toNanos());
    var notBegun = new HashSet<Entry>();
    for (var entry : entries) {
      if (entry.outcome instanceof Outcome.Cancelled(_, var begun) && begun == Begun.NO) {
        notBegun.add(entry);
      }
    }
    return notBegun;
  }

  private void awaitBegun(List<Entry> entries, long deadlineNanos) {
    var isInterrupted = false;
    for (var i = 0; i < entries.size();) {
      try {
        if (!core.reading().awaitBegun(entries.get(i), deadlineNanos)) {
          break;
        }
        i++;
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
