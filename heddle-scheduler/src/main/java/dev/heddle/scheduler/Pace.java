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

  private long meanNanos = UNKNOWN;
  private @Nullable String type;

  void ran(long nanos) {
    var bounded = Math.clamp(nanos, 0, MOST_NANOS);
    meanNanos = meanNanos == UNKNOWN ? bounded : meanNanos + (bounded - meanNanos) / 4;
  }

  /// The cost of one task, in [#UNIT_NANOS].
  ///
  /// @param unknownNanos what to think where nothing was measured
  int cost(long unknownNanos) {
    var nanos = meanNanos == UNKNOWN ? unknownNanos : meanNanos;
    return (int) (Math.max(nanos, LEAST_NANOS) / UNIT_NANOS);
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
