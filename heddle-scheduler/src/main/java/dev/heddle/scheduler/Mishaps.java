package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.PlaceTold;
import dev.heddle.wire.Key;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tasks that failed last by themselves, also when nobody holds a future for them any more. A room of
/// [SchedulerState].
final class Mishaps {
  /// So many are remembered.
  static final int COUNT_MAX = 32;
  /// Of so many is remembered where they were submitted: also of some that are no longer among the last, but whose
  /// futures are held.
  static final int PLACES_MAX = 1_000;
  private static final int PLACE_CHARACTERS_MAX = 300;

  /// @param atNanos when, on the core's clock
  record Mishap(long atNanos, Key key, Pace pace, Verdict.Failed verdict) {}

  private final ArrayDeque<Mishap> last = new ArrayDeque<>();
  private final Map<Key, String> places = new LinkedHashMap<>();

  void add(long nowNanos, Task task, Verdict.Failed verdict) {
    if (last.size() == COUNT_MAX) {
      last.removeLast();
    }
    last.addFirst(new Mishap(nowNanos, task.key(), task.template.pace, verdict));
  }

  /// A client says where it submitted what failed.
  void placed(Client client, PlaceTold told) {
    var place = told.place().substring(0,
        Math.min(told.place().length(), PLACE_CHARACTERS_MAX));
    for (var number : told.tasks()) {
      var task = client.numbers.get(number);
      if (task != null && task.end instanceof Verdict.Failed && task.has(Task.ORIGIN)) {
        places.put(task.key(), place);
      }
    }
    var oldest = places.keySet().iterator();
    while (places.size() > PLACES_MAX) {
      oldest.next();
      oldest.remove();
    }
  }

  /// The line that submitted the task; empty where that is not known.
  String placeOf(Key key) {
    return places.getOrDefault(key, "");
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
