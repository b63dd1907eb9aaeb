package dev.heddle.worker;

import dev.heddle.wire.Key;
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
  /// Tasks here that wait for this key.
  final Set<Computation> dependents = new LinkedHashSet<>();
  /// Who is told once the store knows that the value is here.
  final List<Asker> askers = new ArrayList<>();
  final List<PutInProgress> puts = new ArrayList<>();
  /// What went wrong while it was sought.
  final List<String> troubles = new ArrayList<>();

  Entry(Key key) {
    this.key = key;
  }

  void trouble(String what) {
    if (troubles.size() < TROUBLES_MAX && !troubles.contains(what)) {
      troubles.add(what);
    }
  }
}
