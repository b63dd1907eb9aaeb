package dev.heddle.scheduler;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.KeyStem;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.TaskSettings;
import org.jspecify.annotations.Nullable;

/// What the tasks of one submission have in common.
final class Template {
  final Client owner;
  /// The key of the only task, or the group of a map's.
  final Key name;
  /// What the keys of a map's tasks begin with; null for a single one.
  private final @Nullable KeyStem elements;
  /// The number of the task with [#index]; of a map alone.
  final long first;
  final int index;
  final @Nullable Function function;
  final TaskSettings settings;
  /// What each of its tasks must wait for because the function refers to it.
  final Task[] captured;
  final @Nullable ContentHash fingerprint;
  /// Which trace they belong to; empty for none.
  final String trace;
  final Shelf shelf;
  final Pace pace;

  private Template(Client owner, Key name, boolean map, long first, int index,
      @Nullable Function function, TaskSettings settings, Task[] captured,
      @Nullable ContentHash fingerprint, String trace, Shelf shelf, Pace pace) {
    this.owner = owner;
    this.name = name;
    elements = map ? TaskKeys.elements(name) : null;
    this.first = first;
    this.index = index;
    this.function = function;
    this.settings = settings;
    this.captured = captured;
    this.fingerprint = fingerprint;
    this.trace = trace;
    this.shelf = shelf;
    this.pace = pace;
  }

  static Template one(Client owner, Key key, @Nullable Function function, TaskSettings settings,
      Task[] captured, @Nullable ContentHash fingerprint, String trace, Shelf shelf, Pace pace) {
    return new Template(owner, key, false, 0, 0, function, settings, captured, fingerprint, trace,
        shelf, pace);
  }

  static Template map(Client owner, Key group, long first, int index, Function function,
      TaskSettings settings, Task[] captured, String trace, Shelf shelf, Pace pace) {
    return new Template(owner, group, true, first, index, function, settings, captured, null, trace,
        shelf, pace);
  }

  /// The key of its task with this number. For a map it is made anew each time, and not kept.
  Key key(long number) {
    return elements == null ? name : elements.key(index + (int) (number - first));
  }
}
