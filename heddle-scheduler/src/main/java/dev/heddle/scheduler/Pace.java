package dev.heddle.scheduler;

import org.jspecify.annotations.Nullable;

/// The tasks of one name: how long they take, as measured, and how far they are.
final class Pace {
  /// In these units costs are kept, so that they fit an `int`.
  static final long UNIT_NANOS = 256;
  /// No task costs less, whatever its function does.
  private static final long LEAST_NANOS = 2_500;
  private static final long MOST_NANOS = 60_000_000_000L;
  private static final int UNKNOWN = -1;

  /// What people call them.
  final String name;
  /// A small number for it.
  final int place;
  /// Whether several tasks can have the name: not one that a client made a key of.
  final boolean isShared;
  /// How many there are in each state, by [TaskState#code]; of those forgotten, how many ever were.
  private final long[] counts = new long[TaskState.values().length];
  private long done;
  private long failed;
  private long meanNanos = UNKNOWN;
  private long runs;
  private long nanos;
  /// Whether it is one of those that monitoring is told of by name.
  boolean isTold;
  private @Nullable String type;

  Pace(String name, int place, boolean isShared) {
    this.name = name;
    this.place = place;
    this.isShared = isShared;
  }

  void opened() {
    counts[TaskState.RELEASED.code()]++;
  }

  void moved(TaskState from, TaskState to) {
    counts[from.code()]--;
    counts[to.code()]++;
    if (to == TaskState.MEMORY) {
      done++;
    } else if (to == TaskState.ERRED) {
      failed++;
    }
  }

  long count(TaskState state) {
    return counts[state.code()];
  }

  /// How many are not at rest.
  long active() {
    return count(TaskState.WAITING) + count(TaskState.QUEUED) + count(TaskState.PROCESSING);
  }

  long done() {
    return done;
  }

  long failed() {
    return failed;
  }

  /// -1 where nothing was measured.
  long meanNanos() {
    return meanNanos;
  }

  void ran(long tookNanos) {
    runs++;
    nanos += Math.max(0, tookNanos);
    var bounded = Math.clamp(tookNanos, 0, MOST_NANOS);
    meanNanos = meanNanos == UNKNOWN ? bounded : meanNanos + (bounded - meanNanos) / 4;
  }

  /// The cost of one task, in [#UNIT_NANOS].
  ///
  /// @param unknownNanos what to think where nothing was measured
  int cost(long unknownNanos) {
    var expected = meanNanos == UNKNOWN ? unknownNanos : meanNanos;
    return (int) (Math.max(expected, LEAST_NANOS) / UNIT_NANOS);
  }

  /// How many have ended.
  long runs() {
    return runs;
  }

  /// How long these ran, together.
  long nanos() {
    return nanos;
  }

  /// The same name, but one object for all tasks that give this type.
  String type(String name) {
    var known = type;
    if (known != null && known.equals(name)) {
      return known;
    }
    type = name;
    return name;
  }
}
