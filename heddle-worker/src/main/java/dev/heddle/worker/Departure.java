package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerCommand.HandOver;
import dev.heddle.worker.WorkerCommand.Stop;
import dev.heddle.worker.WorkerCommand.Survey;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.Surveyed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// How a worker leaves: it finishes what runs, finds out which values nobody else has, gives those
/// to others, and stops. A part of [WorkerState], which owns it.
final class Departure {
  /// How far it has come. Only ever forward.
  enum Phase {
    /// Not leaving.
    STAYING,
    /// Waits for running functions.
    FINISHING,
    /// Waits for the store to say who else has what.
    SURVEYING,
    /// Waits for others to take values.
    HANDING_OVER, STOPPED
  }

  private final WorkerConfig config;
  private final Supplier<Map<Key, Value>> stored;
  private final Consumer<WorkerCommand> commands;
  private Phase phase = Phase.STAYING;
  private long deadlineNanos;
  /// Values that nobody else has and nobody is being offered.
  private final ArrayDeque<Key> toGive = new ArrayDeque<>();
  /// Who may be offered more; who is being offered something is not here.
  private final ArrayDeque<WorkerInfo> free = new ArrayDeque<>();
  private final Map<WorkerInfo, List<Key>> offered = new LinkedHashMap<>();
  private int given;

  Departure(WorkerConfig config, Supplier<Map<Key, Value>> stored,
      Consumer<WorkerCommand> commands) {
    this.config = config;
    this.stored = stored;
    this.commands = commands;
  }

  Phase phase() {
    return phase;
  }

  boolean leaving() {
    return phase != Phase.STAYING;
  }

  /// @return whether it began just now
  boolean begin(long deadlineNanos) {
    if (leaving()) {
      return false;
    }
    phase = Phase.FINISHING;
    this.deadlineNanos = deadlineNanos;
    return true;
  }

  /// Whether the grace period has passed without an end.
  boolean isOver(long nowNanos) {
    return leaving() && phase != Phase.STOPPED && nowNanos >= deadlineNanos;
  }

  /// Takes the next step, if what it waits for has come.
  void goOn(boolean nothingRuns) {
    switch (phase) {
      case STAYING, SURVEYING, STOPPED -> {
      }
      case FINISHING -> {
        if (nothingRuns) {
          survey();
        }
      }
      case HANDING_OVER -> {
        offer();
        if (offered.isEmpty()) {
          stop(List.copyOf(toGive));
        }
      }
    }
  }

  private void survey() {
    var keys = List.copyOf(stored.get().keySet());
    if (keys.isEmpty()) {
      stop(List.of());
    } else {
      phase = Phase.SURVEYING;
      commands.accept(new Survey(keys));
    }
  }

  void surveyed(Surveyed surveyed) {
    if (phase != Phase.SURVEYING) {
      return;
    }
    phase = Phase.HANDING_OVER;
    for (var other : surveyed.others()) {
      if (!other.id().equals(config.self())) {
        free.add(other);
      }
    }
    for (var key : stored.get().keySet()) {
      var elsewhere = surveyed.holders().getOrDefault(key, List.of()).stream()
          .anyMatch(holder -> !holder.worker().equals(config.self()));
      if (!elsewhere) {
        toGive.add(key);
      }
    }
  }

  void surveyFailed() {
    if (phase == Phase.SURVEYING) {
      stop(List.copyOf(stored.get().keySet()));
    }
  }

  /// Offers to each worker that is free as much as fits into one request.
  private void offer() {
    if (free.isEmpty() || toGive.isEmpty()) {
      return;
    }
    var here = stored.get();
    while (!free.isEmpty() && !toGive.isEmpty()) {
      var values = nextOffer(here);
      if (!values.isEmpty()) {
        var to = free.remove();
        offered.put(to, List.copyOf(values.keySet()));
        commands.accept(new HandOver(to, values));
      }
    }
  }

  private Map<Key, Value> nextOffer(Map<Key, Value> here) {
    var values = new LinkedHashMap<Key, Value>();
    var bytes = 0L;
    while (!toGive.isEmpty() && values.size() < config.fetchKeysMax()
        && bytes < config.fetchBytesMax()) {
      var key = toGive.remove();
      var value = here.get(key);
      if (value != null) { // Else it was deleted meanwhile.
        values.put(key, value);
        bytes += value.sizeBytes();
      }
    }
    return values;
  }

  void handedOver(HandedOver handed) {
    if (offered.remove(handed.to()) != null) {
      given += handed.taken().size();
      toGive.addAll(handed.refused());
      if (handed.refused().isEmpty()) {
        free.add(handed.to());
      }
    }
  }

  void handOverFailed(HandOverFailed failed) {
    var keys = offered.remove(failed.to());
    if (keys != null) {
      toGive.addAll(keys);
    }
  }

  /// Stops, whatever was not done.
  void stopNow() {
    var lost = phase == Phase.HANDING_OVER
        ? new ArrayList<>(toGive)
        : new ArrayList<>(stored.get().keySet());
    offered.values().forEach(lost::addAll);
    stop(lost);
  }

  private void stop(List<Key> lost) {
    phase = Phase.STOPPED;
    commands.accept(new Stop(List.copyOf(lost), given));
  }
}
