package dev.heddle.scheduler;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.World;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [Members] does: hears late what changes in the store, and sometimes has to look again.
final class SimulatedMembers {
  private final World world;
  private final SimulatedScheduler scheduler;
  private final Map<String, SimulatedAttendant> attended = new LinkedHashMap<>();
  private final List<Change> unheard = new ArrayList<>();
  private boolean hearing;

  SimulatedMembers(World world, SimulatedScheduler scheduler) {
    this.world = world;
    this.scheduler = scheduler;
  }

  void changed(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    unheard.addAll(changes);
    if (!hearing) {
      hearing = true;
      scheduler.after(world.time.duration(1_000, world.watchDelayNanosMax), this::hear);
    }
  }

  private void hear() {
    hearing = false;
    var changes = List.copyOf(unheard);
    unheard.clear();
    if (world.time.chance(world.watchLosses)) {
      world.history.note(scheduler.name(), "changes were lost, so it looks again");
      look();
      return;
    }
    for (var change : changes) {
      switch (change) {
        case Change.Joined(var worker) -> joined(worker);
        case Change.Left(var worker) -> left(worker);
        case Change.Registered _,Change.Unregistered _ -> {
          // For the core; see below.
        }
      }
    }
    tell(changes);
  }

  private void joined(WorkerInfo worker) {
    var before = attended.get(worker.id().name());
    if (before != null) {
      if (!before.worker().id().equals(worker.id())) {
        before.succeeded();
      } else if (before.joined()) {
        return;
      }
    }
    var attend = new SimulatedAttendant(world, scheduler, worker);
    attended.put(worker.id().name(), attend);
    attend.start();
  }

  private void left(WorkerId worker) {
    var attend = attended.get(worker.name());
    if (attend != null && attend.worker().id().equals(worker)) {
      attend.leaseEnded();
      if (attend.isOver()) {
        attended.remove(worker.name());
      }
    }
  }

  private void tell(List<Change> changes) {
    var events = new ArrayList<SchedulerEvent>();
    for (var change : changes) {
      if (change instanceof Change.Registered(var worker, var key, var size)
          && TaskKeys.isOf(key, world.namespace)) {
        events.add(new SchedulerEvent.Registered(worker, List.of(new Entry(key, size))));
      } else if (change instanceof Change.Unregistered(var worker, var key)
          && TaskKeys.isOf(key, world.namespace)) {
        events.add(new SchedulerEvent.Unregistered(worker, List.of(key)));
      }
    }
    scheduler.report(events);
  }

  private void look() {
    var now = scheduler.millis();
    var workers = scheduler.store().workers(now);
    var ids = workers.stream().map(WorkerInfo::id).toList();
    List.copyOf(attended.values()).stream().map(attend -> attend.worker().id())
        .filter(id -> !ids.contains(id)).forEach(this::left);
    workers.forEach(this::joined);
    for (var worker : workers) {
      var entries = scheduler.store().hasWhat(worker.id().name(), Optional.empty(), 10_000, now)
          .entries().stream().filter(entry -> TaskKeys.isOf(entry.key(), world.namespace)).toList();
      if (!entries.isEmpty()) {
        scheduler.report(List.of(new SchedulerEvent.Registered(worker.id(), entries)));
      }
    }
    // What was looked at covers what changed until now.
    unheard.addAll(scheduler.store().takeChanges());
    world.time.after(SimulatedTime.MILLI, scheduler::storeChanged);
  }
}
