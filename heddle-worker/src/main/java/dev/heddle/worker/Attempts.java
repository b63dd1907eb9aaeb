package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.LongMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The functions that run, also those that were cancelled and have not ended, and what they take of the slots. A part of
/// [Computing].
final class Attempts {
  /// A function that goes on for longer after it was cancelled keeps its slot; most end by the interrupt.
  static final long KEPT_AFTER_NANOS = 100_000_000;

  /// One execution of a key. A cancelled one may still be running while its key starts anew.
  static final class Run {
    final Computation task;
    final long attempt;
    final long startedNanos;
    /// Inputs that stay in memory while it runs.
    final List<Held> held;
    /// Whether it waits, so that its slot is free.
    private boolean waits;
    private boolean hasWaited;
    private boolean isCancelled;
    private long cancelledNanos;

    private Run(Computation task, long attempt, long startedNanos) {
      this.task = task;
      this.attempt = attempt;
      this.startedNanos = startedNanos;
      this.held = task.held();
    }

    private boolean isBlocking() {
      return task.work.blocking();
    }

    private boolean takesSlot() {
      return !isBlocking() && !waits;
    }

    private boolean isTimed() {
      return task.work.timeoutMillis() > 0;
    }
  }

  /// By number, which tells one from another.
  private final LongMap<Run> runs = new LongMap<>();
  private long last;
  private int slots;
  private int blocking;
  /// Those of functions that may take so long and no longer.
  private int timed;
  private int cancelled;

  /// @return a number of its own
  long begin(Computation task, long nowNanos) {
    var run = new Run(task, ++last, nowNanos);
    runs.put(run.attempt, run);
    if (run.isBlocking()) {
      blocking++;
    } else {
      slots++;
    }
    timed += run.isTimed() ? 1 : 0;
    return run.attempt;
  }

  /// @return null if there is none of this number
  @Nullable
  Run end(long attempt) {
    var run = runs.remove(attempt);
    if (run != null) {
      blocking -= run.isBlocking() ? 1 : 0;
      slots -= run.takesSlot() ? 1 : 0;
      timed -= run.isTimed() ? 1 : 0;
      cancelled -= run.isCancelled ? 1 : 0;
    }
    return run;
  }

  /// A function waits for something: another may have its slot.
  ///
  /// @return null if that changes nothing
  @Nullable
  Run yields(long attempt) {
    if (runs.get(attempt) instanceof Run run && run.takesSlot()) {
      run.waits = true;
      run.hasWaited = true;
      slots--;
      return run;
    }
    return null;
  }

  /// A function goes on that waited.
  ///
  /// @return null if that changes nothing
  @Nullable
  Run goesOn(long attempt) {
    if (runs.get(attempt) instanceof Run run && run.waits) {
      run.waits = false;
      slots++;
      return run;
    }
    return null;
  }

  /// It was told to stop.
  void cancelled(long attempt, long nowNanos) {
    if (runs.get(attempt) instanceof Run run && !run.isCancelled) {
      run.isCancelled = true;
      run.cancelledNanos = nowNanos;
      cancelled++;
    }
  }

  /// Those that were cancelled, go on, and keep a slot.
  List<Key> kept(long nowNanos) {
    return cancelled == 0
        ? List.of()
        : runs.values().stream()
            .filter(run -> run.isCancelled && run.takesSlot()
                && nowNanos - run.cancelledNanos >= KEPT_AFTER_NANOS)
            .map(run -> run.task.key).sorted().toList();
  }

  /// Those that have run for as long as they may.
  List<Run> overdue(long nowNanos) {
    return timed == 0
        ? List.of()
        : runs.values().stream()
            .filter(run -> run.isTimed() && nowNanos - run.startedNanos >= run.task.work
                .timeoutMillis() * 1_000_000)
            .toList();
  }

  // --- how many

  /// Those that take a slot.
  int slots() {
    return slots;
  }

  /// Those that need no slot.
  int blocking() {
    return blocking;
  }

  int count() {
    return runs.size();
  }

  @Nullable
  Run get(long attempt) {
    return runs.get(attempt);
  }

  /// Adds what they hold in memory.
  void addHeld(Set<Held> all) {
    runs.values().forEach(run -> all.addAll(run.held));
  }

  /// @throws IllegalStateException naming what does not hold
  void check(WorkerConfig config) {
    var all = runs.values();
    WorkerInvariants.require(all.stream().filter(Run::takesSlot).count() == slots,
        "the count of used slots is off");
    WorkerInvariants.require(
        slots <= config.threads() + all.stream().filter(run -> run.hasWaited).count(),
        "more runs than slots, and than have waited");
    WorkerInvariants.require(all.stream().filter(Run::isBlocking).count() == blocking,
        "the count of blocking runs is off");
    WorkerInvariants.require(blocking <= config.blockingMax(), "more blocking runs than allowed");
    WorkerInvariants.require(all.stream().filter(Run::isTimed).count() == timed,
        "the count of runs with a limit is off");
    WorkerInvariants.require(all.stream().filter(run -> run.isCancelled).count() == cancelled,
        "the count of cancelled runs is off");
  }
}
