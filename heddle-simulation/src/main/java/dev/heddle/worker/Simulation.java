package dev.heddle.worker;

import static dev.heddle.simulation.SimulatedTime.MILLI;
import static dev.heddle.simulation.SimulatedTime.SECOND;

import dev.heddle.simulation.SimulatedRun;
import dev.heddle.simulation.SimulatedStore;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.SimulationFailedException;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One run of one seed: some workers, a store and callers; trouble for four seconds; then peace, in
/// which everything must come to rest, who-has must agree with what is there, and everything must be
/// computable.
public final class Simulation {
  private static final long REST_BY = 60 * SECOND;
  private static final long LOOK_EVERY = 250 * MILLI;

  private final long seed;
  final SimulatedTime time;
  final SimulatedNetwork network;
  final SimulatedStore store;
  final TaskGraph graph;
  final Chaos chaos;
  final Trace trace;
  private final Map<Address, SimulatedWorker> workers = new LinkedHashMap<>();
  private final List<SimulatedWorker> all = new ArrayList<>();
  private final SimulatedScheduler scheduler;
  private final List<SimulatedCaller> callers = new ArrayList<>();
  private boolean valuesWereLost;
  private int drains;

  Simulation(long seed, boolean inWords) {
    this.seed = seed;
    this.time = new SimulatedTime(seed);
    this.network = new SimulatedNetwork(time);
    this.store = new SimulatedStore(time);
    this.trace = new Trace(inWords);
    this.chaos = new Chaos(this);
    this.graph = new TaskGraph(time, time.chance(0.5), time.chance(0.2));
    for (var i = 1 + time.below(4); i > 0; i--) {
      startWorker(new Address("10.0.0." + i, 8787), "w" + i);
    }
    for (var i = 1 + time.below(3); i > 0; i--) {
      callers.add(new SimulatedCaller(this));
    }
    scheduler = new SimulatedScheduler(this);
  }

  /// Runs a seed.
  ///
  /// @throws SimulationFailedException with the seed, what went wrong, and the stories of the keys that
  ///     it names
  public static SimulatedRun run(long seed) {
    var simulation = new Simulation(seed, false);
    try {
      simulation.run();
      return new SimulatedRun(simulation.trace.digest(), simulation.trace.kinds(),
          Duration.ofNanos(simulation.time.now()));
    } catch (RuntimeException failure) {
      var again = new Simulation(seed, true);
      var same = again.failureOf();
      throw new SimulationFailedException(again.report(same), failure);
    }
  }

  private @Nullable RuntimeException failureOf() {
    try {
      run();
      return null;
    } catch (RuntimeException failure) {
      return failure;
    }
  }

  private String report(@Nullable RuntimeException failure) {
    var what = failure == null ? "it did not fail when run again" : String.valueOf(failure);
    var stories = new StringBuilder();
    for (var node : graph.nodes()) {
      if (what.contains("'" + node.key() + "'") || what.contains(node.key() + " ")) {
        all.forEach(worker -> worker.core().story(node.key())
            .forEach(line -> stories.append(worker.info().id()).append("  ").append(line)
                .append('\n')));
      }
    }
    return "seed " + seed + ": " + what + "\nstories:\n" + stories + "what happened last:\n"
        + String.join("\n", trace.lines());
  }

  private void run() {
    chaos.begin();
    for (var caller : callers) {
      caller.makeTrouble(5 + time.below(40));
    }
    scheduler.makeTrouble(chaos.schedules ? 5 + time.below(60) : 0);
    time.runUntil(time.now() + Chaos.LASTS + 4 * SECOND); // Every broken connection is noticed.
    if (chaos.schedules) {
      scheduler.settle();
      time.runUntil(time.now() + SECOND); // All have heard it.
    }
    comeToRest();
    var last = new SimulatedCaller(this);
    callers.add(last);
    last.evaluateAll();
    comeToRest();
    scheduler.evaluateAll();
    comeToRest();
  }

  private void comeToRest() {
    var by = time.now() + REST_BY;
    while (whatIsUnderWay() instanceof String what) {
      if (time.now() > by) {
        throw new IllegalStateException(
            REST_BY / SECOND + " s after the last trouble, " + what);
      }
      time.runUntil(time.now() + LOOK_EVERY);
    }
    checkValues();
  }

  private @Nullable String whatIsUnderWay() {
    for (var caller : callers) {
      if (caller.unanswered() > 0) {
        return "a caller waits for " + caller.unanswered() + " answers";
      }
    }
    if (scheduler.unanswered() > 0) {
      return "the scheduler waits for " + scheduler.unanswered() + " ends";
    }
    for (var worker : workers.values()) {
      if (worker.isAlive() && worker.whatIsUnderWay() instanceof Optional<String> rest
          && rest.isPresent()) {
        return rest.get();
      }
    }
    return whereStoreIsWrong();
  }

  private @Nullable String whereStoreIsWrong() {
    var known = store.state().whoHas(graph.nodes().stream().map(TaskGraph.Node::key).toList(),
        time.millis());
    for (var node : graph.nodes()) {
      var said = known.getOrDefault(node.key(), List.of()).stream()
          .map(holder -> holder.worker().toString()).sorted().collect(Collectors.joining(", "));
      var true_ = workers.values().stream()
          .filter(worker -> worker.isAlive()
              && worker.core().state(node.key()) instanceof KeyState.Stored
              && !worker.core().isToldToSchedulerAlone(node.key()))
          .map(worker -> worker.info().id().toString()).sorted()
          .collect(Collectors.joining(", "));
      if (!said.equals(true_)) {
        return "the store says that '" + node.key() + "' is on [" + said + "], and it is on ["
            + true_ + "]";
      }
    }
    return null;
  }

  private void checkValues() {
    for (var worker : workers.values()) {
      for (var node : graph.nodes()) {
        if (worker.isAlive()
            && worker.core().state(node.key()) instanceof KeyState.Stored stored) {
          checkValue(node.key(), stored.value(), "is on " + worker.info().id());
        }
      }
    }
  }

  void checkValue(Key key, Value value, String where) {
    if (!Optional.of(value).equals(graph.get(key).value())) {
      throw new IllegalStateException("'" + key + "' " + where + " as " + value + ", and should be "
          + graph.get(key).value());
    }
  }

  // --- workers that come and go

  List<Address> addresses() {
    return List.copyOf(workers.keySet());
  }

  Optional<SimulatedWorker> at(Address address) {
    return Optional.ofNullable(workers.get(address));
  }

  Address anyLiveWorker() {
    var alive = workers.values().stream()
        .filter(worker -> worker.isStaying() && worker.listens()).toList();
    return alive.get(time.below(alive.size())).info().address();
  }

  /// Since when at least one worker has had a key, known to the store.
  long someoneHasSince(Key key) {
    return workers.values().stream().mapToLong(worker -> worker.registeredSince(key)).min()
        .orElse(Long.MAX_VALUE);
  }

  private void startWorker(Address address, String name) {
    var host = "host" + time.below(2);
    var worker = new SimulatedWorker(this, new WorkerId(name, time.number()), address, host);
    trace.note(time.now(), "starting " + worker.info());
    workers.put(address, worker);
    all.add(worker);
    network.listen(address, worker);
    worker.start();
  }

  /// Another worker where one has ended: under its name, or under another.
  private void restart(SimulatedWorker ended) {
    var name = ended.info().id().name();
    startWorker(ended.info().address(), time.chance(0.3) ? name + "'" : name);
  }

  void crashOne() {
    var worker = workers.get(addresses().get(time.below(workers.size())));
    if (worker != null && worker.isAlive()) {
      valuesWereLost = true;
      trace.note(time.now(), worker.info().id() + " crashes");
      worker.crash();
      if (time.chance(0.7)) {
        time.after(time.duration(MILLI, SECOND), () -> restartIfEnded(worker));
      }
    }
  }

  void drainOne() {
    var worker = workers.get(addresses().get(time.below(workers.size())));
    if (worker != null && worker.listens()) {
      drains++;
      worker.drain(time.duration(0, 2 * SECOND));
      time.after(time.duration(SECOND, 4 * SECOND), () -> restartIfEnded(worker));
    }
  }

  private void restartIfEnded(SimulatedWorker worker) {
    if (workers.get(worker.info().address()) == worker && !worker.isAlive()) {
      restart(worker);
    }
  }

  void restoreWorkers() {
    List.copyOf(workers.values()).forEach(this::restartIfEnded);
    if (workers.values().stream().noneMatch(SimulatedWorker::isStaying)) {
      startWorker(new Address("10.0.0.99", 8787), "last");
    }
  }

  /// A worker ends in order: what nobody else has, it says. (Two that leave at once may each count on
  /// the other's copy.)
  void stopped(SimulatedWorker worker, WorkerCommand.Stop stop) {
    if (valuesWereLost || drains > 1 || chaos.losesValues()) {
      return;
    }
    for (var node : graph.nodes()) {
      var elsewhere = workers.values().stream().anyMatch(other -> other != worker
          && other.isAlive() && other.core().state(node.key()) instanceof KeyState.Stored);
      if (worker.core().state(node.key()) instanceof KeyState.Stored
          && !stop.lost().contains(node.key()) && !elsewhere) {
        throw new IllegalStateException("'" + node.key() + "' was lost with "
            + worker.info().id() + " without a word; it says that it lost " + stop.lost());
      }
    }
  }
}
