package dev.heddle.worker;

import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.KeyState.Waiting;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/// What always holds of a [WorkerState] between two batches of events.
record WorkerInvariants(WorkerConfig config, Ledger ledger, Keeping keeping,
    Collecting collecting, Computing computing, Memory memory, Departure departure) {

  /// @throws IllegalStateException naming what does not hold
  void check() {
    var bytes = 0L;
    var stored = 0;
    var unfinished = 0;
    var queued = 0;
    var parked = 0;
    var smallBytes = 0L;
    Set<Held> held = Collections.newSetFromMap(new IdentityHashMap<>());
    for (var entry : ledger.entries()) {
      checkDependents(entry);
      switch (entry.state) {
        case null -> throw broken(entry, "has no state");
        case Sought sought -> {
          require(!entry.dependents().isEmpty(), entry, "is sought though nobody needs it");
          collecting.check(entry, sought);
          queued += sought instanceof KeyState.Queued ? 1 : 0;
          parked += sought instanceof KeyState.Parked ? 1 : 0;
        }
        case Task task -> {
          unfinished++;
          require(task.task().key.equals(entry.key), entry, "holds another key's task");
          require(!departure.leaving() || task instanceof Running, entry,
              "has not begun, but the worker leaves");
          computing.check(entry, task);
        }
        case Stored s -> {
          stored++;
          bytes += s.value().sizeBytes();
          if (entry.held instanceof Held large) {
            require(large.value.equals(s.value()), entry, "is another value in memory");
            held.add(large);
          } else {
            smallBytes += s.value().sizeBytes();
          }
          require(entry.dependents().isEmpty(), entry, "is stored, yet tasks wait for it");
          require(entry.troubles().isEmpty(), entry, "is stored, and there is trouble finding it");
          require(
              (entry.askers().isEmpty() && entry.puts().isEmpty()) || keeping.waitsForStore(entry),
              entry, "is known to the store, and somebody still waits for that");
        }
      }
    }
    require(stored == keeping.storedCount() && bytes == keeping.storedBytes(),
        "the sum of what is stored is off");
    require(unfinished == computing.unfinishedCount(),
        "the number of tasks is off: " + unfinished + ", not " + computing.unfinishedCount());
    require(keeping.storeAwayReason().isEmpty() || keeping.allAcknowledged(),
        "somebody waits for the store, which is away");
    collecting.check(queued, parked);
    computing.check();
    computing.addHeld(held);
    memory.check(held, smallBytes);
  }

  private void checkDependents(Entry entry) {
    for (var dependent : entry.dependents()) {
      require(dependent.missing().contains(entry.key), entry,
          "thinks that " + dependent.key + " waits for it");
      require(ledger.state(dependent.key) instanceof Waiting(var task) && task == dependent, entry,
          "is needed by " + dependent.key + ", which does not wait");
    }
  }

  static void require(boolean holds, Entry entry, String otherwise) {
    if (!holds) {
      throw broken(entry, otherwise);
    }
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static IllegalStateException broken(Entry entry, String what) {
    return new IllegalStateException("'" + entry.key + "' (" + entry.state + ") " + what);
  }
}
