package dev.heddle.scheduler;

import dev.heddle.process.Durations;
import java.util.List;
import java.util.Map;

/// How a scheduler is, and what it counted since its start: for monitoring.
///
/// @param tasks how many are in each state
/// @param succeeded how often a task gave a value on a worker
/// @param failures tasks that ended without a value, by kind
/// @param reruns tasks that were taken from a worker, or given up by it, or whose value is gone, to be given to
///     one again, by cause
/// @param queueTimes from when a task could run until it was given to a worker
/// @param names what ran, by name
/// @param workers how many are in each state
/// @param slots of the workers that are there
/// @param slotsBusy how many of these have a task that was given to them
/// @param workersLeft how many ended in order
/// @param workersDied how many ended otherwise
/// @param workersBack how often one came back after a lost connection
/// @param clients how many are connected
/// @param clientsAway how many are expected back
/// @param clientsBack how often one came back, also to a scheduler that was started anew
/// @param defects how many it noticed of its own, and put right
/// @param standstills how often nothing moved though something could
/// @param settling whether it was started anew, and waits for workers that may have values
public record SchedulerFigures(Map<String, Long> tasks, long succeeded, Map<String, Long> failures,
    Map<String, Long> reruns, Durations.Figures queueTimes, List<Named> names,
    Map<String, Long> workers, int slots, int slotsBusy, long workersLeft, long workersDied,
    long workersBack, int clients, int clientsAway, long clientsBack, long defects,
    long standstills, boolean settling) {
  /// The name of all for which there is no room.
  public static final String OTHER = "other";

  /// Calls of functions that have ended, of one name.
  public record Named(String name, long runs, long nanos) {}

  public SchedulerFigures {
    tasks = Map.copyOf(tasks);
    failures = Map.copyOf(failures);
    reruns = Map.copyOf(reruns);
    names = List.copyOf(names);
    workers = Map.copyOf(workers);
  }
}
