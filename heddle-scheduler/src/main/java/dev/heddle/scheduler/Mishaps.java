package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tasks that failed last by themselves, also when nobody holds a future for them any more. A room of
/// [SchedulerState].
final class Mishaps {
  /// So many are remembered.
  static final int COUNT_MAX = 32;

  /// @param atNanos when, on the core's clock
  record Mishap(long atNanos, Key key, Pace pace, Verdict.Failed verdict) {}

  private final ArrayDeque<Mishap> last = new ArrayDeque<>();

  void add(long nowNanos, Task task, Verdict.Failed verdict) {
    if (last.size() == COUNT_MAX) {
      last.removeLast();
    }
    last.addFirst(new Mishap(nowNanos, task.key(), task.template.pace, verdict));
  }

  /// The last one first.
  List<Mishap> all() {
    return new ArrayList<>(last);
  }

  @Nullable
  Mishap of(Key key) {
    for (var mishap : last) {
      if (mishap.key().equals(key)) {
        return mishap;
      }
    }
    return null;
  }
}
