package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerEvent.WorkerCame;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the store says of workers that are not here, or not again. A worker that comes says itself what it
/// has, but that is on its way while the store goes on, so that the store's word may be the newer one.
final class Hearsay {
  /// Of so many workers; of those that never come, the first is forgotten.
  private static final int WORKERS_MAX = 4_096;

  private final Map<WorkerId, Map<Key, Entry>> registered = new LinkedHashMap<>();

  void registered(WorkerId worker, List<Entry> entries) {
    var all = registered.computeIfAbsent(worker, _ -> new LinkedHashMap<>());
    entries.forEach(entry -> all.put(entry.key(), entry));
    if (registered.size() > WORKERS_MAX) {
      registered.remove(registered.keySet().iterator().next());
    }
  }

  void unregistered(WorkerId worker, List<Key> keys) {
    var all = registered.get(worker);
    if (all != null) {
      all.keySet().removeAll(keys);
    }
  }

  /// It is dead: what it had is gone.
  void forget(WorkerId worker) {
    registered.remove(worker);
  }

  /// What a worker has that came: all that it says, and what the store says beyond that.
  WorkerCame completed(WorkerCame came) {
    var more = registered.remove(came.worker().id());
    if (more == null || more.isEmpty()) {
      return came;
    }
    came.stored().forEach(entry -> more.remove(entry.key()));
    var all = new ArrayList<>(came.stored());
    all.addAll(more.values());
    return new WorkerCame(came.worker(), came.attached(), all, came.unfinished());
  }
}
