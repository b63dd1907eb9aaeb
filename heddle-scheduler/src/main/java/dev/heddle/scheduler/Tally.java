package dev.heddle.scheduler;

import dev.heddle.process.Durations;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Counts what happens, for monitoring: plain numbers, which whoever has the turn counts and reads.
final class Tally {
  /// Times of being queued are kept in these units, so that they fit an `int`: 65.5 µs, so that three days
  /// can be told.
  private static final int UNIT_BITS = 16;
  private static final Cause[] CAUSES = Cause.values();
  private static final Set<Cause> USUAL = EnumSet.of(Cause.RETRIED, Cause.WORKER_DIED,
      Cause.WORKER_CAME, Cause.GIVEN_BACK, Cause.LACKING, Cause.NEEDED_AGAIN);

  private final Durations queueTimes = new Durations();
  private final long[] failures = new long[FailureKind.values().length];
  private final long[] reruns = new long[CAUSES.length];
  private long succeeded;
  /// Workers that ended, and said so before.
  long left;
  /// Workers that ended without a word.
  long died;
  /// How often a worker, or a client, was here again after its connection was lost.
  long workersBack;
  long clientsBack;
  long defects;
  long standstills;

  /// @param task in its state until now
  void moves(Task task, TaskState next, Cause because, long nowNanos) {
    switch (task.state) {
      case QUEUED -> {
        if (next == TaskState.PROCESSING) {
          queueTimes.add(
              Integer.toUnsignedLong(units(nowNanos) - task.queuedUnits) << UNIT_BITS);
        }
      }
      case PROCESSING -> {
        if (next == TaskState.MEMORY) {
          succeeded++;
        } else if (next.active() && because != Cause.PULLED_BACK) {
          reruns[because.code()]++;
        }
      }
      case RELEASED -> {
        if (because == Cause.NEEDED_AGAIN && !task.has(Task.SCATTERED)) {
          reruns[because.code()]++;
        }
      }
      case WAITING, MEMORY, ERRED, FORGOTTEN -> {
      }
    }
    if (next == TaskState.QUEUED) {
      task.queuedUnits = units(nowNanos);
    }
  }

  private static int units(long nanos) {
    return (int) (nanos >>> UNIT_BITS);
  }

  /// @param task has ended with this
  void fails(Task task, Verdict verdict) {
    failures[FailureKind.of(verdict, task.has(Task.ORIGIN)).code()]++;
  }

  long succeeded() {
    return succeeded;
  }

  Durations.Figures queueTimes() {
    return queueTimes.figures();
  }

  /// By kind; all kinds, so that a graph begins at 0.
  Map<String, Long> failures() {
    var byKind = new LinkedHashMap<String, Long>();
    for (var kind : FailureKind.values()) {
      byKind.put(kind.text(), failures[kind.code()]);
    }
    return byKind;
  }

  /// By cause: the usual ones, so that a graph begins at 0, and others that were.
  Map<String, Long> reruns() {
    var byCause = new LinkedHashMap<String, Long>();
    for (var cause : CAUSES) {
      if (USUAL.contains(cause) || reruns[cause.code()] > 0) {
        byCause.put(cause.name().toLowerCase(Locale.ROOT), reruns[cause.code()]);
      }
    }
    return byCause;
  }
}
