package dev.heddle.simulation;

import static dev.heddle.simulation.SimulatedTime.MILLI;
import static dev.heddle.simulation.SimulatedTime.SECOND;

import dev.heddle.simulation.Script.Step;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.worker.ClusterWorker;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One run of one seed: a scheduler, workers and clients; trouble for four seconds; then peace, in which
/// every future ends as it must, what the scheduler believes agrees with what is there, and nothing is left
/// when all clients have left.
final class ClusterSimulation {
  private static final long REST_BY = 90 * SECOND;
  /// In which functions may still end; then what is left has to come to rest.
  private static final long GOES_ON_FOR = 1_000 * SECOND;
  private static final long LOOK_EVERY = 100 * MILLI;
  /// Longer than any word is under way.
  private static final long HEARD_BY = 20 * SECOND;

  private final long seed;
  private final Script script;
  private final World world;
  private final List<Step> steps;
  private final Set<String> published = new TreeSet<>();
  private int workersEver;

  ClusterSimulation(long seed, Set<Integer> omitted, boolean inWords) {
    this.seed = seed;
    this.script = new Script(seed);
    this.steps = script.without(omitted);
    this.world = new World(seed, inWords);
  }

  static SimulatedRun run(long seed) {
    var simulation = new ClusterSimulation(seed, Set.of(), false);
    try {
      simulation.run();
      return simulation.result();
    } catch (RuntimeException failure) {
      throw new SimulationFailedException(new Shrinking(seed, failure).report(), failure);
    }
  }

  SimulatedRun result() {
    return new SimulatedRun(world.history.digest(), world.history.kinds(),
        Duration.ofNanos(world.time.now()));
  }

  int stepsCount() {
    return script.steps.size();
  }

  /// What went wrong; null if nothing did.
  @Nullable
  RuntimeException failure() {
    try {
      run();
      return null;
    } catch (RuntimeException failure) {
      return failure;
    }
  }

  void run() {
    begin();
    for (var step : steps) {
      world.time.at(SECOND + step.atNanos(), () -> take(step));
    }
    world.time.runUntil(SECOND + Script.LASTS);
    makePeace();
    rest("futures", this::whatClientsAwait);
    rest("who has what", this::whatIsBelievedWrongly);
    part();
    rest("all to be let go", this::whatIsLeft);
  }

  private void begin() {
    world.judge.onlySchedulersEnd = script.onlySchedulersEnd;
    world.network.delayNanosMax = (script.slowNetwork ? 100 : 2) * MILLI;
    if (script.onlySchedulersEnd) {
      world.network.delayNanosMax = 2 * MILLI;
    } else {
      world.busy = script.busyWorkers ? 0.5 : 0;
      world.storeLosses = script.lossyStore ? 0.1 : 0;
      world.watchLosses = script.lossyStore ? 0.1 : 0;
      world.watchDelayNanosMax = (script.lateStore ? 500 : 2) * MILLI;
    }
    world.startScheduler();
    for (var i = 1; i <= script.workers; i++) {
      world.startWorker(++workersEver);
    }
    for (var i = 1; i <= script.clients; i++) {
      var client = new SimulatedClient(world, "c" + i, new Address("10.0.1." + i, 1));
      world.clients.add(client);
      client.start();
    }
  }

  private void take(Step step) {
    world.history.note("--", step);
    switch (step) {
      case Step.Act(_, var client, var dice) -> {
        var acting = world.clients.get(client);
        if (acting.isThere()) {
          new ClientActs(world, acting, published, dice).act();
        }
      }
      case Step.Trouble(_, var fault, var dice) ->
        new Trouble(world, dice, () -> world.startWorker(++workersEver)).cause(fault);
    }
  }

  // --- peace

  private void makePeace() {
    world.history.note("--", "peace");
    world.network.healAll();
    world.network.delayNanosMax = 2 * MILLI;
    world.busy = 0;
    world.storeLosses = 0;
    world.watchLosses = 0;
    world.watchDelayNanosMax = 2 * MILLI;
    if (!world.scheduler().isAlive()) {
      world.startScheduler();
    }
    restartWorkers();
  }

  private void restartWorkers() {
    world.workers().forEach(worker -> world.restartWorkerIfEnded(worker.name()));
  }

  private void rest(String what, Supplier<Optional<String>> underWay) {
    var start = world.time.now();
    var by = start + REST_BY;
    var ends = world.judge.ends();
    for (var left = underWay.get(); left.isPresent(); left = underWay.get()) {
      if (world.judge.ends() != ends) {
        ends = world.judge.ends(); // Slow is not stuck.
        by = Math.min(world.time.now(), start + GOES_ON_FOR) + REST_BY;
      }
      if (world.time.now() > by) {
        throw new IllegalStateException("waiting for " + what + ", "
            + (world.time.now() - start) / SECOND + " s later: " + left.get());
      }
      world.time.runUntil(world.time.now() + LOOK_EVERY);
      restartWorkers(); // Some were leaving when peace came.
    }
  }

  private Optional<String> whatClientsAwait() {
    for (var client : world.clients) {
      if (client.isThere()) {
        var left = client.whatIsUnderWay();
        if (left.isPresent()) {
          return left;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> whatIsBelievedWrongly() {
    for (var worker : world.workers()) {
      var left = worker.whatIsUnderWay();
      if (left.isPresent()) {
        return left;
      }
    }
    var keys = List.copyOf(world.plans.keys());
    var believed = world.scheduler().coreWhoHas(keys);
    var stored = world.scheduler().whoHas(keys);
    for (var key : keys) {
      var holders = believed.getOrDefault(key, List.of());
      for (var worker : world.workers()) {
        var isThere = worker.stores(key);
        if (isThere != holders.contains(worker.info().id())) {
          return Optional.of("'" + key + "' is " + (isThere ? "" : "not ") + "on " + worker
              + ", and the scheduler believes that these have it: " + holders);
        }
      }
      for (var holder : stored.getOrDefault(key, List.of())) {
        if (world.worker(holder.worker()).filter(worker -> worker.stores(key)).isEmpty()) {
          return Optional.of(
              "the store says that '" + key + "' is on " + holder + ", and it is not");
        }
      }
    }
    return Optional.empty();
  }

  /// All clients leave.
  private void part() {
    world.history.note("--", "all leave");
    for (var client : world.clients) {
      if (client.isThere()) {
        published.forEach(client::unpublish);
        client.leave();
      }
    }
    if (!published.isEmpty()) { // Those who could have are gone; somebody else cleans up.
      world.time.runUntil(world.time.now() + HEARD_BY); // Their last words may be under way.
      var last = new SimulatedClient(world, "last", new Address("10.0.1.99", 1));
      last.start();
      world.clients.add(last);
      rest("the last client", last::whatIsUnderWay);
      published.forEach(last::unpublish);
      last.leave();
    }
  }

  private Optional<String> whatIsLeft() {
    for (var worker : world.workers()) {
      var left = worker.whatIsUnderWay();
      if (left.isPresent()) {
        return left;
      }
      for (var key : worker.stored()) {
        return Optional.of("'" + key + "' is on " + worker + " still");
      }
    }
    return world.scheduler().whatIsLeft();
  }

  // --- when it went wrong

  String report(RuntimeException failure) {
    var what = String.valueOf(failure.getMessage());
    var text = new StringBuilder();
    var first = what.lines().findFirst().orElse("");
    text.append("seed ").append(seed).append(": ").append(
        failure instanceof IllegalStateException
            ? first
            : failure.getClass().getSimpleName() + ": " + first)
        .append('\n');
    what.lines().skip(1).forEach(line -> text.append(line).append('\n'));
    if (failure.getStackTrace().length > 0) {
      for (var i = 0; i < Math.min(12, failure.getStackTrace().length); i++) {
        text.append("  at ").append(failure.getStackTrace()[i]).append('\n');
      }
    }
    text.append("it takes ").append(steps.size()).append(" of ").append(script.steps.size())
        .append(" steps:\n");
    steps.forEach(step -> text.append("  ").append(step).append('\n'));
    for (var key : keysIn(what)) {
      text.append("the story of '").append(key).append("':\n");
      world.scheduler().story(key)
          .forEach(line -> text.append("  scheduler  ").append(line).append('\n'));
      for (ClusterWorker worker : world.workers()) {
        worker.story(key).forEach(
            line -> text.append("  ").append(worker).append("  ").append(line).append('\n'));
      }
    }
    text.append("what happened last:\n");
    world.history.lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private Set<Key> keysIn(String what) {
    var keys = new LinkedHashSet<Key>();
    for (var key : world.plans.keys()) {
      if (what.contains(key.text() + "'")) {
        keys.addAll(world.plans.ancestors(key));
      }
    }
    return keys;
  }
}
