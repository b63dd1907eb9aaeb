package dev.heddle.scheduler;

import dev.heddle.wire.ClientId;
import java.util.LinkedHashSet;

/// A client: its tasks by its own numbers, and its share of the workers.
final class Client {
  /// A number of its own, for a settled order.
  final int serial;
  final ClientId id;
  final String name;
  final Numbers numbers = new Numbers();
  boolean here = true;
  /// It came back once, and may wait to be told of something again.
  boolean returned;
  /// Whether it said goodbye, or was away for too long; others may need tasks of it.
  boolean left;
  /// Since when it is here, while it is.
  long hereSinceNanos;
  /// Since when it is away, while it is.
  long awaySinceNanos;
  /// Whether the inputs of its tasks that fail are kept; see [Recording].
  boolean recordsFailures;
  /// Those, the one that failed first first.
  final LinkedHashSet<Task> recorded = new LinkedHashSet<>(0);
  long recordedBytes;
  /// How much it was served, in units of [Pace#UNIT_NANOS]; see [Pool].
  long served;

  Client(int serial, ClientId id, String name) {
    this.serial = serial;
    this.id = id;
    this.name = name;
  }
}
