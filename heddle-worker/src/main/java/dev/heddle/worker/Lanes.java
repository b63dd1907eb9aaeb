package dev.heddle.worker;

import dev.heddle.wire.Connection;
import java.util.HashMap;
import java.util.Map;

/// To whom large values go through sockets at the moment: to few at a time, since what all send shares
/// the way out, and who is told to come again later finds others then who have it. For any number of
/// threads.
final class Lanes {
  /// A smaller value is sent whenever it is asked for.
  static final long VALUE_BYTES_MIN = 16 << 20;
  private static final int LANES = 2;
  /// What may still be unwritten of a value that counts as sent.
  private static final long REST_BYTES = 1 << 20;

  /// Guarded by this: whether the value was said to each, so that what is unwritten says how far it is.
  private final Map<Connection, Boolean> taken = new HashMap<>();

  /// @return whether a large value may be sent to `connection` now; [#said] follows
  synchronized boolean enter(Connection connection) {
    taken.entrySet().removeIf(each -> !each.getKey().isOpen()
        || (each.getValue() && each.getKey().unwrittenBytes() <= REST_BYTES));
    if (taken.size() >= LANES && !taken.containsKey(connection)) {
      return false;
    }
    taken.put(connection, false);
    return true;
  }

  /// What was to be sent is on its way, or is not sent after all.
  synchronized void said(Connection connection) {
    taken.replace(connection, true);
  }
}
