package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Listens to what one core hears and says, and checks what a core promises and cannot check itself,
/// since it takes the rest of the world to know.
final class WorkerChecks {
  private static final int HAND_OVER_FAILURES_MAX = 3;

  private final Simulation world;
  private final WorkerInfo info;
  private final WorkerState core;
  private final Map<Key, Long> registeredSince = new LinkedHashMap<>();
  private List<WorkerEvent> batch = List.of();
  private long deadline = Long.MAX_VALUE;
  /// Those that it may give its values to when it leaves, and how often that failed.
  private final Set<WorkerId> takers = new HashSet<>();
  private final Map<WorkerId, Integer> failures = new HashMap<>();
  private final Set<Key> offered = new HashSet<>();
  private final Set<Key> taken = new HashSet<>();

  WorkerChecks(Simulation world, WorkerInfo info, WorkerState core) {
    this.world = world;
    this.info = info;
    this.core = core;
  }

  /// Since when the store has known that this worker has a key; in the future if it does not.
  long registeredSince(Key key) {
    return registeredSince.getOrDefault(key, Long.MAX_VALUE);
  }

  void hears(List<WorkerEvent> events) {
    batch = events;
    for (var event : events) {
      switch (event) {
        case WorkerEvent.DrainAsked(var nanos) -> deadline = Math.min(deadline, nanos);
        case WorkerEvent.Surveyed(_, var others) -> {
          others.forEach(other -> takers.add(other.id()));
          takers.remove(info.id());
        }
        case WorkerEvent.HandedOver(_, var keys, _) -> taken.addAll(keys);
        case WorkerEvent.HandOverFailed(var to, _, _) -> failures.merge(to.id(), 1, Integer::sum);
        case WorkerEvent _ -> {
          // Of no interest here.
        }
      }
    }
  }

  void says(WorkerCommand command) {
    switch (command) {
      case WorkerCommand.Reply(_, Message.Finished finished) -> checkKnownToStore(finished.key());
      case WorkerCommand.Reply(_, Message.Failed failed) -> checkMissing(failed);
      case WorkerCommand.Execute execute -> checkInputs(execute);
      case WorkerCommand.HandOver handOver -> offered.addAll(handOver.values().keySet());
      case WorkerCommand.Stop(var lost, _, _) -> lost.forEach(this::checkLost);
      case WorkerCommand _ -> {
        // Nothing is promised.
      }
    }
  }

  /// What the batch came to has been carried out.
  void after() {
    core.checkInvariants();
    for (var node : world.graph.nodes()) {
      if (core.state(node.key()) instanceof KeyState.Stored stored && stored.registered()
          && !core.isKnownByTelling(node.key())) {
        registeredSince.putIfAbsent(node.key(), world.time.now());
      } else {
        registeredSince.remove(node.key());
      }
    }
  }

  private void checkInputs(WorkerCommand.Execute execute) {
    if (!execute.inputs().keySet().equals(execute.work().inputs())) {
      throw new IllegalStateException("'" + execute.key() + "' runs on "
          + execute.inputs().keySet() + ", and needs " + execute.work().inputs());
    }
  }

  /// What is reported is registered, unless the store was lost in between or it is gone already.
  private void checkKnownToStore(Key key) {
    if (world.store.wasAlwaysThere()
        && batch.stream().noneMatch(event -> event instanceof WorkerEvent.DeleteAsked
            || event instanceof WorkerEvent.ReleaseAsked)
        && !core.isKnownByTelling(key)
        && !storeKnows(key)) {
      throw new IllegalStateException(
          "'" + key + "' was reported by " + info.id() + " before the store knew");
    }
  }

  private boolean storeKnows(Key key) {
    return world.store.state().whoHas(List.of(key), world.time.millis())
        .getOrDefault(key, List.of()).stream()
        .anyMatch(holder -> holder.worker().equals(info.id()));
  }

  /// What the store knew before a task began is found.
  private void checkMissing(Message.Failed failed) {
    var key = failed.key();
    var message = failed.failure().message();
    if (!world.store.wasAlwaysThere()
        || !failed.failure().type().equals(MissingInputException.class.getName())
        || !message.endsWith("cannot be had: no worker has it; put or compute it first")) {
      return;
    }
    var began = core.story(key).reversed().stream()
        .filter(line -> line.because().equals("ComputeAsked")).findFirst();
    for (var input : world.graph.get(key).inputs()) {
      if (began.isPresent() && message.contains("its input '" + input + "'")
          && world.someoneHasSince(input) < began.get().atNanos()) {
        throw new IllegalStateException("'" + key + "' failed for want of '" + input
            + "', which the store knew of before: " + message);
      }
    }
  }

  /// What was taken is not lost, and what is lost was offered to whoever was there.
  private void checkLost(Key key) {
    if (taken.contains(key)) {
      throw new IllegalStateException("'" + key + "' was handed over, and is said to be lost");
    }
    var someoneThere = takers.stream()
        .anyMatch(id -> failures.getOrDefault(id, 0) < HAND_OVER_FAILURES_MAX);
    if (someoneThere && world.time.now() < deadline && !offered.contains(key)) {
      throw new IllegalStateException("'" + key + "' was lost, and never offered to anybody");
    }
  }
}
