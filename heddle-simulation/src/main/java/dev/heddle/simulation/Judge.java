package dev.heddle.simulation;

import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import dev.heddle.worker.ClusterWorker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sees all that everybody does, and knows what must not be.
public final class Judge {
  /// A function that runs.
  private static final class Run {
    final ClusterWorker worker;
    final long attempt;
    /// Whether it is a value that its client has, in the guise of a task.
    final boolean isConstant;
    /// Whether there is a reason why the same may run elsewhere.
    boolean excused;

    Run(ClusterWorker worker, long attempt, boolean isConstant) {
      this.worker = worker;
      this.attempt = attempt;
      this.isConstant = isConstant;
    }
  }

  private final World world;
  private final Map<Key, List<Run>> running = new LinkedHashMap<>();
  /// What each worker has, and the scheduler that there is was told of.
  private final Map<WorkerId, Set<Key>> told = new HashMap<>();
  /// What was let go, by worker.
  private final Map<WorkerId, Set<Key>> released = new HashMap<>();
  /// Those that the scheduler believes dead.
  private final Set<WorkerId> lost = new HashSet<>();
  private final Set<Key> ended = new HashSet<>();
  private final Map<Key, Integer> failures = new HashMap<>();
  private final Set<Key> aborted = new HashSet<>();
  /// Of which a copy could not be read, so that another may not be known in time.
  private final Set<Key> damaged = new HashSet<>();
  private final Set<Key> unavailable = new HashSet<>();
  private int deaths;
  private long ends;
  /// Whether nothing goes wrong but that schedulers end: then nothing may run again.
  boolean onlySchedulersEnd;

  Judge(World world) {
    this.world = world;
  }

  private static IllegalStateException wrong(String what) {
    return new IllegalStateException(what);
  }

  /// What the scheduler put right should not have happened.
  public void checkDefects(List<String> defects) {
    if (!defects.isEmpty()) {
      throw wrong("the scheduler had to put something right: " + defects.getFirst());
    }
  }

  // --- what runs

  public void started(ClusterWorker worker, Key key, long attempt, String function) {
    var settings = world.plans.get(key).settings();
    var isConstant = function.equals(Plan.CONSTANT);
    if (!isConstant && !settings.workers().isEmpty() && !settings.workers().contains(worker.name())
        && !settings.workers().contains(worker.info().host())) {
      throw wrong(
          "'" + key + "' runs on " + worker + ", and may only run on " + settings.workers());
    }
    var runs = running.computeIfAbsent(key, _ -> new ArrayList<>());
    if (lost.contains(worker.info().id()) || isReleased(worker, key)
        || (!onlySchedulersEnd && !isAttached(worker))) {
      // It does not know yet that nobody counts on it any more, or nobody knows of it.
      var run = new Run(worker, attempt, isConstant);
      run.excused = true;
      runs.add(run);
      return;
    }
    for (var other : runs) {
      if (!other.excused && other.worker.isAlive()) {
        throw wrong("'" + key + "' runs on " + worker + " and on " + other.worker
            + " at once, and the scheduler had no reason to think the latter lost");
      }
    }
    for (var other : world.workers()) {
      if (other != worker && other.stores(key) && !isReleased(other, key)
          && ((onlySchedulersEnd && !isGiven(key) && !damaged.contains(key))
              || (isTold(other, key) && isAttached(other) && isAttached(worker)))) {
        throw wrong("'" + key + "' runs again on " + worker + " though " + other + " has it");
      }
    }
    runs.add(new Run(worker, attempt, isConstant));
    checkResources(worker);
  }

  /// A key that clients gave may be asked for by somebody who does not know that it was computed before.
  private static boolean isGiven(Key key) {
    return key.text().indexOf('@') >= 0;
  }

  /// What is on a worker that cannot be reached cannot be told to be let go: then it may be computed again. And
  /// a worker that has not heard of this scheduler yet, does what the one before it wanted.
  private boolean isAttached(ClusterWorker worker) {
    return world.scheduler().attached().contains(worker.info().id());
  }

  private boolean isTold(ClusterWorker worker, Key key) {
    return told.getOrDefault(worker.info().id(), Set.of()).contains(key);
  }

  /// Whether some worker was told that it need not keep this.
  boolean wasLetGo(Key key) {
    return released.values().stream().anyMatch(keys -> keys.contains(key));
  }

  private boolean isReleased(ClusterWorker worker, Key key) {
    return released.getOrDefault(worker.info().id(), Set.of()).contains(key);
  }

  private void checkResources(ClusterWorker worker) {
    var used = new HashMap<String, Integer>();
    running.forEach((key, runs) -> {
      if (runs.stream().anyMatch(run -> run.worker == worker && !run.excused && !run.isConstant)) {
        world.plans.get(key).settings().resources()
            .forEach((name, amount) -> used.merge(name, amount, Integer::sum));
      }
    });
    used.forEach((name, amount) -> {
      if (amount > worker.resources().getOrDefault(name, 0)) {
        throw wrong("what runs on " + worker + " takes " + amount + " of " + name
            + ", and it has " + worker.resources() + "; running: " + running.keySet());
      }
    });
  }

  /// How many functions have ended, somehow.
  long ends() {
    return ends;
  }

  public void ended(ClusterWorker worker, Key key, long attempt, boolean succeeded) {
    ends++;
    var runs = running.get(key);
    if (runs != null) {
      runs.removeIf(run -> run.worker == worker && run.attempt == attempt);
      if (runs.isEmpty()) {
        running.remove(key);
      }
    }
    if (succeeded) {
      ended.add(key);
      released.getOrDefault(worker.info().id(), new HashSet<>()).remove(key);
    }
  }

  /// Whether it has been computed, or will not be.
  public boolean hasEnded(Key key) {
    return ended.contains(key) || aborted.contains(key) || unavailable.contains(key);
  }

  public int failures(Key key) {
    return failures.getOrDefault(key, 0);
  }

  /// One more failure of a function that fails at first.
  ///
  /// @return true
  public boolean fail(Key key) {
    failures.merge(key, 1, Integer::sum);
    return true;
  }

  /// A worker stops a function on its own, or because it was told to.
  public void interrupted(ClusterWorker worker, Key key, long attempt) {
    running.getOrDefault(key, List.of()).stream()
        .filter(run -> run.worker == worker && run.attempt == attempt)
        .forEach(run -> run.excused = true);
  }

  private void excuse(WorkerId worker, Collection<Key> keys) {
    keys.forEach(key -> running.getOrDefault(key, List.of()).stream()
        .filter(run -> run.worker.info().id().equals(worker)).forEach(run -> run.excused = true));
  }

  // --- what the scheduler hears and says

  public void aborted(WorkerId worker, List<Key> keys) {
    excuse(worker, keys);
  }

  /// A worker was told that it need not keep these, or said that it has not.
  public void released(WorkerId worker, List<Key> keys) {
    excuse(worker, keys);
    told.getOrDefault(worker, new HashSet<>()).removeAll(keys);
    released.computeIfAbsent(worker, _ -> new HashSet<>()).addAll(keys);
  }

  /// A worker is given something to compute, whatever it was told before.
  public void assigned(WorkerId worker, Key key) {
    released.getOrDefault(worker, new HashSet<>()).remove(key);
  }

  public void workerLost(WorkerId worker, boolean left) {
    deaths += left ? 0 : 1;
    scatteredMayBeLost();
    lost.add(worker);
    told.remove(worker);
    excuse(worker, List.copyOf(running.keySet()));
  }

  public void workerCame(WorkerId worker, List<Key> stored, List<Key> unfinished) {
    lost.remove(worker);
    told.put(worker, new HashSet<>(stored));
    excuse(worker, running.keySet().stream().filter(key -> !unfinished.contains(key)).toList());
  }

  /// The scheduler knows that a worker has this.
  public void told(WorkerId worker, Key key) {
    told.computeIfAbsent(worker, _ -> new HashSet<>()).add(key);
  }

  void schedulerDied() {
    told.clear();
    running.forEach((key, runs) -> {
      if (!onlySchedulersEnd || isGiven(key)) {
        runs.forEach(run -> run.excused = true);
      }
    });
    if (!onlySchedulersEnd) {
      scatteredMayBeLost();
    }
  }

  /// Its process ended, in whatever way.
  public void workerDied(ClusterWorker worker) {
    running.values().forEach(runs -> runs.removeIf(run -> run.worker == worker));
    scatteredMayBeLost();
  }

  /// A worker cannot read a value that it had: what was computed can be computed again.
  public void valueLost(WorkerId worker, Key key) {
    released(worker, List.of(key));
    damaged.add(key);
    scatteredMayBeLost(); // What it was computed from, too, may have been let go since.
  }

  public void scatteredMayBeLost() {
    world.plans.keys().stream()
        .filter(key -> world.plans.get(key).manner() == Plan.Manner.SCATTERED)
        .forEach(unavailable::add);
  }

  // --- what clients do and are told

  void clientAborted(Key key) {
    aborted.add(key);
  }

  /// A client may be told that this is lost.
  void mayBeLost(Key key) {
    unavailable.add(key);
  }

  public void checkValue(Key key, long number, String where) {
    checkHasValue(key, where);
    if (world.plans.value(key) != number) {
      throw wrong("'" + key + "' " + where + " as " + number + ", and should be "
          + world.plans.value(key));
    }
  }

  void checkHasValue(Key key, String where) {
    if (!world.plans.roots(key).isEmpty()) {
      throw wrong("'" + key + "' " + where + ", and cannot have a value, since "
          + world.plans.roots(key) + " fail");
    }
  }

  void checkFailed(Key key, Key origin, String type) {
    var ofDeaths = type.equals("dev.heddle.WorkersDiedException")
        && world.plans.ancestors(key).contains(origin) && deaths >= world.allowedFailures;
    if (!ofDeaths && !world.plans.roots(key).contains(origin)) {
      throw wrong("'" + key + "' failed with " + type + " because of '" + origin
          + "', and only these fail: " + world.plans.roots(key));
    }
  }

  void checkCancelled(Key key, String reason) {
    if (world.plans.ancestors(key).stream().noneMatch(aborted::contains)) {
      throw wrong("'" + key + "' is said to be cancelled, and nobody did that: " + reason);
    }
  }

  void checkLost(Key key, String reason) {
    // What was cancelled while it was computed again, cannot be.
    if (world.plans.ancestors(key).stream()
        .noneMatch(other -> unavailable.contains(other) || aborted.contains(other))) {
      throw wrong("'" + key + "' is said to be lost, and it cannot be: " + reason);
    }
  }
}
