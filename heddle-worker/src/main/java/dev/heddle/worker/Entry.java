package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Payload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a worker knows of one key. Owned by [WorkerState].
final class Entry {
  /// How many reasons are kept for the message that says why a key could not be had.
  static final int TROUBLES_MAX = 8;

  final Key key;
  /// Null only between making the entry and its first state, and after it was dropped.
  @Nullable
  KeyState state;
  /// Of the value that is stored, where that is not small. Kept by [Memory].
  @Nullable
  Held held;
  /// Tasks here that wait for this key.
  private Set<Computation> dependents = Set.of();
  /// Who is told once the store knows that the value is here.
  private List<Asker> askers = List.of();
  private List<PutInProgress> puts = List.of();
  /// What went wrong while it was sought.
  private List<String> troubles = List.of();
  /// The value as it travels, for those of the askers that want it at once; null where it is large, or
  /// was told.
  @Nullable
  Payload small;
  /// How many inventories the store had been told when this was stored without a word to the store;
  /// -1 if the store was told of it.
  int untoldSince = -1;
  /// Whether the scheduler, which is the store, knows of this because it was told, and nothing else is
  /// known of what the store knows.
  boolean isKnownByTelling;

  Entry(Key key) {
    this.key = key;
  }

  Set<Computation> dependents() {
    return dependents;
  }

  void neededBy(Computation task) {
    if (dependents.isEmpty()) {
      dependents = new LinkedHashSet<>();
    }
    dependents.add(task);
  }

  /// @return whether it was
  boolean notNeededBy(Computation task) {
    return !dependents.isEmpty() && dependents.remove(task);
  }

  /// Those that need it; from now on nobody does.
  Set<Computation> takeDependents() {
    var taken = dependents;
    dependents = Set.of();
    return taken;
  }

  List<Asker> askers() {
    return askers;
  }

  void awaitedBy(Asker asker) {
    if (askers.isEmpty()) {
      askers = new ArrayList<>(1);
    }
    askers.add(asker);
  }

  /// @param those who were told of the task until now; nobody else holds this list any more
  void awaitedBy(List<Asker> those) {
    if (askers.isEmpty()) {
      askers = those;
    } else {
      askers.addAll(those);
    }
  }

  void notAwaitedBy(int link) {
    if (!askers.isEmpty()) {
      askers.removeIf(asker -> asker.link() == link);
    }
  }

  List<Asker> takeAskers() {
    var taken = askers;
    askers = List.of();
    return taken;
  }

  List<PutInProgress> puts() {
    return puts;
  }

  void put(PutInProgress put) {
    if (puts.isEmpty()) {
      puts = new ArrayList<>(1);
    }
    puts.add(put);
  }

  List<PutInProgress> takePuts() {
    var taken = puts;
    puts = List.of();
    return taken;
  }

  List<String> troubles() {
    return troubles;
  }

  void trouble(String what) {
    if (troubles.size() < TROUBLES_MAX && !troubles.contains(what)) {
      if (troubles.isEmpty()) {
        troubles = new ArrayList<>(1);
      }
      troubles.add(what);
    }
  }

  void noTrouble() {
    troubles = List.of();
  }
}
