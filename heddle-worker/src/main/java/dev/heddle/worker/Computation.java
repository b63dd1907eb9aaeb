package dev.heddle.worker;

import dev.heddle.wire.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A task from request to result: what to do, what it has got together, and who waits for it. Owned
/// by [WorkerState].
final class Computation {
  final Key key;
  /// Its key's, for as long as that has not been forgotten.
  final Entry entry;
  final Work work;
  final List<Asker> askers = new ArrayList<>(1);
  /// Those that are not here.
  private Set<Key> missing = Set.of();
  /// Held here too, so that deleting an input that has arrived does not take it from this task.
  private Map<Key, Value> inputs = Map.of();
  /// Those of them that are not small. Kept by [Memory].
  private List<Held> held = List.of();

  /// An answer to a question of an earlier batch says nothing to this task.
  final long begunInBatch;
  final long begunNanos;
  /// Which of those who assign it stands in line for: one line for each scheduler's connection, and
  /// the line 0 for all callers.
  final int line;
  /// Its place among those of equal order, from when it is ready on.
  long number;
  // Kept by [Unfinished].
  boolean isUnfinished;
  @Nullable
  Computation before;
  @Nullable
  Computation after;
  /// Kept by [Lines].
  boolean isInLine;
  /// Whether its scheduler is itself the store of who has what, and knows by being told.
  final boolean isKnownByTelling;

  Computation(Entry entry, Work work, Asker asker, long batch, long nowNanos,
      boolean isKnownByTelling) {
    this.key = entry.key;
    this.entry = entry;
    this.begunInBatch = batch;
    this.begunNanos = nowNanos;
    this.work = work;
    this.line = asker.isScheduler() ? asker.link() : 0;
    this.isKnownByTelling = isKnownByTelling;
    askers.add(asker);
  }

  Set<Key> missing() {
    return missing;
  }

  Map<Key, Value> inputs() {
    return inputs;
  }

  /// @throws IllegalStateException if it has no such input
  Value input(Key key) {
    if (inputs.get(key) instanceof Value value) {
      return value;
    }
    throw new IllegalStateException("'" + key + "' is no input of '" + this.key + "'");
  }

  List<Held> held() {
    return held;
  }

  void hold(Held input) {
    if (held.isEmpty()) {
      held = new ArrayList<>(2);
    }
    held.add(input);
  }

  void lacks(Key input) {
    if (missing.isEmpty()) {
      missing = new LinkedHashSet<>();
    }
    missing.add(input);
  }

  void has(Key input, Value value) {
    if (inputs.isEmpty()) {
      inputs = new LinkedHashMap<>();
    }
    inputs.put(input, value);
    if (!missing.isEmpty()) {
      missing.remove(input);
    }
  }

  /// Whether nobody but schedulers waits for it, if anybody does.
  boolean isOfSchedulersAlone() {
    return askers.stream().allMatch(Asker::isScheduler);
  }

  /// Whether a scheduler waits for it.
  boolean isOfScheduler() {
    for (var asker : askers) {
      if (asker.isScheduler()) {
        return true;
      }
    }
    return false;
  }
}
