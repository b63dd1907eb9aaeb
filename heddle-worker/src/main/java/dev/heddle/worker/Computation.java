package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A task from request to result: what to do, what it has got together, and who waits for it. Owned
/// by [WorkerState].
final class Computation {
  final Key key;
  final Work work;
  final List<Asker> askers = new ArrayList<>();
  final Set<Key> missing = new LinkedHashSet<>();
  /// Held here too, so that deleting an input that has arrived does not take it from this task.
  final Map<Key, Value> inputs = new LinkedHashMap<>();

  /// An answer to a question of an earlier batch says nothing to this task.
  final long begunInBatch;

  Computation(Key key, Work work, Asker asker, long batch) {
    this.key = key;
    this.begunInBatch = batch;
    this.work = work;
    askers.add(asker);
  }
}
