package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.worker.KeyState.Fetching;
import dev.heddle.worker.KeyState.Locating;
import dev.heddle.worker.KeyState.Parked;
import dev.heddle.worker.KeyState.Queued;
import dev.heddle.worker.KeyState.Ready;
import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.KeyState.Waiting;
import java.util.Map;

/// What always holds of a [WorkerState] between two batches of events.
record WorkerInvariants(WorkerConfig config, Map<Key, Entry> entries, int runs, int slotsUsed,
    int tasks, long storedBytes, int storedCount, Gathering gathering, Departure departure) {

  void check() {
    var bytes = 0L;
    var stored = 0;
    var unfinished = 0;
    var queued = 0;
    for (var entry : entries.values()) {
      switch (entry.state) {
        case null -> throw broken(entry, "has no state");
        case Sought sought -> {
          require(!entry.dependents.isEmpty(), entry, "is sought though nobody needs it");
          switch (sought) {
            case Queued(var from, _, _) -> {
              require(gathering.wants(entry.key, from), entry, "is queued nowhere");
              queued++;
            }
            case Fetching(var from, _, _) ->
              require(gathering.asksFor(entry.key, from), entry, "is fetched from nobody");
            case Locating _,Parked _ -> {
            }
          }
        }
        case Task task -> {
          unfinished++;
          checkTask(entry, task);
        }
        case Stored s -> {
          stored++;
          bytes += s.value().sizeBytes();
          require(entry.dependents.isEmpty(), entry, "is stored, yet tasks wait for it");
        }
      }
      for (var dependent : entry.dependents) {
        require(dependent.missing.contains(entry.key), entry,
            "thinks that " + dependent.key + " waits for it");
        var state = entries.get(dependent.key);
        require(state != null && state.state instanceof Waiting(var task) && task == dependent,
            entry, "is needed by " + dependent.key + ", which does not wait");
      }
    }
    require(stored == storedCount && bytes == storedBytes, "the sum of what is stored is off");
    require(unfinished == tasks, "the number of tasks is off: " + unfinished + ", not " + tasks);
    require(queued == gathering.keysWanted(), "something is queued that nobody needs");
    require(slotsUsed <= config.threads() && slotsUsed <= runs, "more runs than slots");
    require(gathering.requestsUnderWay() <= config.fetchesMax(), "too many requests under way");
  }

  private void checkTask(Entry entry, Task state) {
    require(state.task().key.equals(entry.key), entry, "holds another key's task");
    switch (state) {
      case Waiting(var task) -> {
        require(!task.missing.isEmpty(), entry, "waits for nothing");
        for (var input : task.missing) {
          var needed = entries.get(input);
          require(needed != null && needed.dependents.contains(task), entry,
              "waits for " + input + ", which does not know");
        }
      }
      case Ready(var task) -> {
        require(task.missing.isEmpty(), entry, "is ready without " + task.missing);
        require(slotsUsed == config.threads() || task.work.blocking(), entry,
            "waits for a slot though one is free");
      }
      case Running(var task, _) ->
        require(task.missing.isEmpty(), entry, "runs without " + task.missing);
    }
    require(!departure.leaving() || state instanceof Running, entry,
        "has not begun, but the worker leaves");
  }

  private static void require(boolean holds, Entry entry, String otherwise) {
    if (!holds) {
      throw broken(entry, otherwise);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static IllegalStateException broken(Entry entry, String what) {
    return new IllegalStateException("'" + entry.key + "' (" + entry.state + ") " + what);
  }
}
