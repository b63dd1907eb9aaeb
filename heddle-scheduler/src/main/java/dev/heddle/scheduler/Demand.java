package dev.heddle.scheduler;

import dev.heddle.wire.TaskSettings;
import java.util.List;
import java.util.Map;

/// What tasks ask of the worker that runs them.
record Demand(List<String> workers, Map<String, Integer> resources, boolean blocking) {
  static final Demand NONE = new Demand(List.of(), Map.of(), false);

  static boolean isNone(TaskSettings settings) {
    return settings.workers().isEmpty() && settings.resources().isEmpty() && !settings.blocking();
  }

  /// Whether any worker will do.
  boolean isNone() {
    return workers.isEmpty() && resources.isEmpty() && !blocking;
  }

  static Demand of(TaskSettings settings) {
    return new Demand(settings.workers().stream().distinct().sorted().toList(),
        settings.resources(), settings.blocking());
  }

  /// Whether this worker may run them, if it has nothing else to do.
  boolean fits(Member member) {
    return isAllowed(member) && hasEnough(member);
  }

  boolean isAllowed(Member member) {
    return workers.isEmpty() || workers.contains(member.name())
        || workers.contains(member.info.host());
  }

  boolean hasEnough(Member member) {
    for (var needed : resources.entrySet()) {
      if (member.resources.getOrDefault(needed.getKey(), 0) < needed.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// Whether so much of this worker's resources is free.
  boolean isFree(Member member) {
    for (var needed : resources.entrySet()) {
      if (member.resources.getOrDefault(needed.getKey(), 0)
          - member.inUse.getOrDefault(needed.getKey(), 0) < needed.getValue()) {
        return false;
      }
    }
    return true;
  }

  /// For people: `on workers [a, b] with {GPU=1}`.
  String text() {
    return (workers.isEmpty() ? "on any worker" : "on one of the workers " + workers)
        + (resources.isEmpty() ? "" : " that has " + resources);
  }
}
