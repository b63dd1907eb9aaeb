package dev.heddle.simulation;

import dev.heddle.scheduler.SimulatedScheduler;
import dev.heddle.wire.Address;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import dev.heddle.worker.ClusterWorker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All that there is in one simulated cluster, and how it is at the moment.
public final class World {
  static final Address SCHEDULER = new Address("10.0.0.100", 8786);

  public final SimulatedTime time;
  public final Network network;
  public final History history;
  public final Plans plans = new Plans();
  public final Judge judge;
  public final String namespace = TaskKeys.namespaceOf(SCHEDULER);

  /// On so many dying workers a task may run.
  public final int allowedFailures;
  /// So many tasks a worker takes on.
  public final int tasksMax;
  /// How late the scheduler hears at most of what changes in the store.
  public long watchDelayNanosMax = 2 * SimulatedTime.MILLI;
  /// How often changes in the store are lost on the way.
  public double watchLosses;
  /// How often a worker has no time for a peer.
  public double busy;
  /// How often a call to the store, or its answer, is lost.
  double storeLosses;

  private final Map<String, ClusterWorker> workers = new LinkedHashMap<>();
  private final Map<String, Integer> slowness = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> resources = new LinkedHashMap<>();
  final List<SimulatedClient> clients = new ArrayList<>();
  private @Nullable SimulatedScheduler scheduler;
  private int schedulers;

  World(long seed, boolean inWords) {
    time = new SimulatedTime(seed);
    network = new Network(time);
    history = new History(time, inWords);
    judge = new Judge(this);
    allowedFailures = time.chance(0.3) ? 2 + time.below(2) : 1_000;
    tasksMax = time.chance(0.2) ? 3 + time.below(10) : 1_000;
  }

  // --- the scheduler

  void startScheduler() {
    var next = new SimulatedScheduler(this, SCHEDULER, "scheduler-" + ++schedulers);
    history.note(next.name(), "starts");
    scheduler = next;
    next.start();
  }

  /// The one that there is, or was last.
  SimulatedScheduler scheduler() {
    if (scheduler == null) {
      throw new IllegalStateException("no scheduler was started yet");
    }
    return scheduler;
  }

  void killScheduler() {
    history.note(scheduler().name(), "dies");
    judge.schedulerDied();
    scheduler().die();
  }

  // --- workers

  /// Starts a worker, for the first time or again.
  void startWorker(int number) {
    var name = "w" + number;
    var id = new WorkerId(name, time.number());
    var has = resources.computeIfAbsent(name,
        _ -> number == 1 ? Map.of("R", 2) : time.chance(0.4) ? Map.of("R", 1) : Map.of());
    var slow = slowness.computeIfAbsent(name, _ -> time.chance(0.1) ? 20 : 1);
    var worker = new ClusterWorker(this, id, new Address("10.0.0." + number, 8787),
        "host" + number % 2, has, slow);
    history.note(name, "starts");
    workers.put(name, worker);
    worker.start();
  }

  public List<ClusterWorker> workers() {
    return List.copyOf(workers.values());
  }

  Optional<ClusterWorker> worker(WorkerId id) {
    return Optional.ofNullable(workers.get(id.name()))
        .filter(worker -> worker.info().id().equals(id));
  }

  void restartWorkerIfEnded(String name) {
    var worker = workers.get(name);
    if (worker != null && !worker.isAlive()) {
      startWorker(Integer.parseInt(name.substring(1)));
    }
  }

  /// The way of a worker to the store.
  public StoreAccess storeFor(SimulatedProcess worker) {
    return new ClusterStore(this, worker);
  }
}
