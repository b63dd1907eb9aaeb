package dev.heddle.worker;

import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Activity;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;

/// What a worker ran and fetched lately: a bounded log, oldest first out. For any number of threads.
final class ActivityLog {
  /// How many activities are remembered.
  static final int ENTRIES_MAX = 20_000;
  /// The most that one answer holds.
  static final int ANSWER_MAX = 5_000;

  private final ArrayDeque<Activity> entries = new ArrayDeque<>();
  /// The number of the first entry.
  private long first = 1;

  synchronized void add(Activity activity) {
    if (entries.size() == ENTRIES_MAX) {
      entries.removeFirst();
      first++;
    }
    entries.addLast(activity);
  }

  /// @param after the number of the last activity that is known already, 0 for none
  synchronized Message.Activities after(long after, int limit) {
    var skip = Math.max(0, after + 1 - first);
    var found = new ArrayList<Activity>();
    var most = Math.min(limit, ANSWER_MAX);
    for (var activity : entries) {
      if (skip > 0) {
        skip--;
      } else if (found.size() < most) {
        found.add(activity);
      } else {
        break;
      }
    }
    var last = Math.min(Math.max(after, first - 1) + found.size(), first + entries.size() - 1);
    return new Message.Activities(found, last, after + 1 < first,
        last < first + entries.size() - 1);
  }

  /// Now, as activities have it.
  static long epochMicros() {
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
