package dev.heddle.scheduler;

import org.jspecify.annotations.Nullable;

/// How long tasks of one name take, as measured.
final class Pace {
  /// In these units costs are kept, so that they fit an `int`.
  static final long UNIT_NANOS = 256;
  /// No task costs less, whatever its function does.
  private static final long LEAST_NANOS = 2_500;
  private static final long MOST_NANOS = 60_000_000_000L;
  private static final int UNKNOWN = -1;

  /// For people; empty for what has none of its own.
  final String name;
  private long meanNanos = UNKNOWN;
  private long runs;
  private long nanos;
  /// Whether it is one of those that monitoring is told of by name.
  boolean isTold;
  private @Nullable String type;

  Pace(String name) {
    this.name = name;
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
