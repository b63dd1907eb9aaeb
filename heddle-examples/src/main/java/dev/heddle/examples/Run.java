package dev.heddle.examples;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A census that was taken, and how: everything that the page and the tables show.
///
/// @param title what was counted: `JDK 25.0.3+9`, or a path
/// @param elapsed from the first task to the result
/// @param oneThread how long [Census#sequential] took for the same; `null` if it wasn't measured
/// @param skips what the listing left out; the census has its own
/// @param incidents what went wrong on the way, and did no harm: workers that were lost
/// @param workers in the order in which they are to be shown
public record Run(String title, Instant started, Duration elapsed, @Nullable Duration oneThread,
    PartialCensus census,
    Skips skips, List<String> incidents, List<WorkerShare> workers, List<TaskSpan> tasks,
    List<TransferSpan> transfers) {

  /// What one worker had at the end.
  ///
  /// @param values how many values it held
  /// @param bytes how large those were
  public record WorkerShare(String name, long values, long bytes) {}

  public Run {
    incidents = List.copyOf(incidents);
    workers = List.copyOf(workers);
    tasks = List.copyOf(tasks);
    transfers = List.copyOf(transfers);
    if (!elapsed.isPositive()) {
      throw new IllegalArgumentException("a run takes time, not " + elapsed);
    }
  }

  /// The same, with how long one thread took.
  public Run withOneThread(Duration took) {
    return new Run(title, started, elapsed, took, census, skips, incidents, workers, tasks,
        transfers);
  }

  public double seconds() {
    return elapsed.toNanos() / 1e9;
  }

  public long classesPerSecond() {
    return Math.round(census.classes() / seconds());
  }

  public long bytesBetweenWorkers() {
    return transfers.stream().mapToLong(TransferSpan::bytes).sum();
  }

  /// How many times as fast as one thread.
  public Optional<Double> speedup() {
    return Optional.ofNullable(oneThread)
        .map(alone -> (double) alone.toNanos() / elapsed.toNanos());
  }

  /// All that wasn't counted, whoever noticed it.
  public Skips allSkips() {
    return skips.merge(census.skips());
  }

  long tasksOf(String worker) {
    return tasks.stream().filter(task -> task.worker().equals(worker)).count();
  }

  /// How much of the run's time a worker's slots were at work, from 0 to 1.
  double busyOf(String worker) {
    var mine = tasks.stream().filter(task -> task.worker().equals(worker)).toList();
    var slots = mine.stream().mapToInt(TaskSpan::slot).max().orElse(0) + 1;
    var busy = mine.stream().mapToLong(TaskSpan::durationNanos).sum();
    return Math.min(1, (double) busy / slots / elapsed.toNanos());
  }
}
