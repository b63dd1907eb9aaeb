package dev.heddle.worker;

import dev.heddle.metadata.MetadataState;
import dev.heddle.simulation.SimulatedStore;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Address;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.SimulatedNetwork.Answer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A worker of the simulation: a real [WorkerState], and around it what the real shell does, one step
/// at a time. Every invariant of the core is checked after each batch.
final class SimulatedWorker implements SimulatedNetwork.Node, SimulatedStoreLink.Owner {
  private static final long TICK_NANOS = 20 * SimulatedTime.MILLI;

  private static final long BEAT_NANOS = 500 * SimulatedTime.MILLI;

  private enum Life {
    JOINING, SERVING, LEAVING, DEAD
  }

  private record Run(Key key, long attempt) {}

  private final Simulation world;
  private final SimulatedTime time;
  private final SimulatedStore store;
  private final TaskGraph graph;
  private final WorkerInfo info;
  private final SimulatedDisk disk;
  private final WorkerState core;
  private final WorkerChecks checks;
  private final SimulatedStoreLink link;
  private final SimulatedNetwork.Pool peers;
  private final Set<Run> running = new HashSet<>();
  private Life life = Life.JOINING;
  private boolean ticking;
  private boolean handling;

  SimulatedWorker(Simulation world, WorkerId id, Address address, String host) {
    this.world = world;
    this.time = world.time;
    this.store = world.store;
    this.graph = world.graph;
    this.info = new WorkerInfo(id, address, host, id.incarnation(), 1 + time.below(2));
    this.disk = new SimulatedDisk(time, false);
    this.core = new WorkerState(new WorkerConfig(id, host, info.threads(), 1 + time.below(2),
        6 + time.below(20), 1 + time.below(3), 1 + time.below(4), 100, 2 + time.below(2),
        TICK_NANOS, 3, disk.bounds()));
    this.checks = new WorkerChecks(world, info, core);
    this.peers = world.network.new Pool();
    this.link = new SimulatedStoreLink(time, store,
        what -> world.trace.note(time.now(), what), 3 + time.below(20), info, core, this);
  }

  /// Joins, and from then on takes requests.
  void start() {
    link.goOnRegistering();
  }

  WorkerInfo info() {
    return info;
  }

  WorkerState core() {
    return core;
  }

  @Override
  public boolean isAlive() {
    return life != Life.DEAD;
  }

  @Override
  public boolean listens() {
    return life == Life.SERVING || life == Life.LEAVING;
  }

  private boolean isLeaving() {
    return core.figures().phase() != Departure.Phase.STAYING;
  }

  boolean isStaying() {
    return isAlive() && !isLeaving();
  }

  /// Since when the store has known that this worker has a key; in the future if it does not.
  long registeredSince(Key key) {
    return isStaying() ? checks.registeredSince(key) : Long.MAX_VALUE;
  }

  // --- into the core

  @Override
  public void received(int number, List<WorkerEvent> requests) {
    report(requests);
  }

  @Override
  public void ended(int number) {
    report(new WorkerEvent.AskersGone(number));
  }

  void drain(long graceNanos) {
    report(new WorkerEvent.DrainAsked(time.now() + graceNanos));
    tickLater();
    time.after(graceNanos + 2 * TICK_NANOS, () -> {
      if (isAlive() && core.figures().phase() != Departure.Phase.STOPPED) {
        throw new IllegalStateException(info.id() + " goes on after its grace: " + core.figures());
      }
    });
  }

  @Override
  public void joined() {
    if (life == Life.JOINING) {
      life = Life.SERVING;
      beat();
    }
  }

  @Override
  public void left() {
    crash();
  }

  void crash() {
    life = Life.DEAD;
    world.network.breakAllOf(this);
    peers.close();
  }

  @Override
  public void report(WorkerEvent event) {
    report(List.of(event));
  }

  /// What comes from others comes as bytes, of which each worker makes an object of its own.
  private static WorkerEvent own(WorkerEvent event) {
    return switch (event) {
      case WorkerEvent.PutAsked(var asker, var values, var ifRoom) ->
        new WorkerEvent.PutAsked(asker, own(values), ifRoom);
      case WorkerEvent.FetchEnded.Arrived arrived ->
        new WorkerEvent.FetchEnded.Arrived(arrived.peer(), own(arrived.values()),
            arrived.missing(), arrived.unsendable(), arrived.later());
      case WorkerEvent other -> other;
    };
  }

  private static Map<Key, Value> own(Map<Key, Value> values) {
    var own = new LinkedHashMap<Key, Value>();
    values.forEach((key, value) -> {
      if (value instanceof SimulatedValue(var number, var size)) {
        own.put(key, new SimulatedValue(number, size));
      }
    });
    return own;
  }

  private void report(List<WorkerEvent> events) {
    if (life == Life.DEAD) {
      return;
    }
    var batch = events.stream().map(SimulatedWorker::own).toList();
    if (handling) {
      throw new IllegalStateException("the core was entered while it was being left");
    }
    handling = true;
    world.trace.events(info.id(), time.now(), batch);
    checks.hears(batch);
    for (var command : core.handle(batch, time.now())) {
      world.trace.command(info.id(), time.now(), command);
      checks.says(command);
      carryOut(command);
    }
    checks.after();
    handling = false;
    if (core.figures().parked() > 0 || isLeaving() || core.figures().memory().awaitsRetry()) {
      tickLater();
    }
  }

  /// [#report], when time has gone on.
  private void reportAfter(long delayNanos, Supplier<WorkerEvent> happened) {
    time.after(delayNanos, () -> {
      if (life != Life.DEAD) {
        report(happened.get());
      }
    });
  }

  private void beat() {
    reportAfter(BEAT_NANOS, () -> {
      beat();
      return new WorkerEvent.BeatDue(Message.Vitals.UNKNOWN);
    });
  }

  private void tickLater() {
    if (!ticking && life != Life.DEAD) {
      ticking = true;
      time.after(TICK_NANOS, () -> {
        ticking = false;
        report(new WorkerEvent.Tick());
      });
    }
  }

  // --- out of the core

  private void carryOut(WorkerCommand command) {
    switch (command) {
      case WorkerCommand.Reply(var asker, var response) ->
        world.network.answer(asker, new Answer.Came(response));
      case WorkerCommand.Tell(var link, var notice) -> world.network.tell(link, notice);
      case WorkerCommand.Dismiss(var link, var reason) -> world.network.close(link, reason);
      case WorkerCommand.Serve serve -> serve(serve);
      case WorkerCommand.Execute execute -> execute(execute);
      case WorkerCommand.Interrupt(var key, var attempt) -> interrupt(new Run(key, attempt));
      case WorkerCommand.Spill spill -> {
        var ending = disk.spill(spill);
        reportAfter(ending.afterNanos(), () -> ending.outcomes().take());
      }
      case WorkerCommand.LetGo(var values) -> disk.letGo(values);
      case WorkerCommand.Forget(var value) -> disk.forget(value);
      case WorkerCommand.Warn _ -> {
        // For people.
      }
      case WorkerCommand.Locate(var keys) -> link.locate(keys);
      case WorkerCommand.Fetch fetch -> fetch(fetch);
      case WorkerCommand.Register(var entries) -> link.register(entries);
      case WorkerCommand.Unregister(var keys) -> link.unregister(keys);
      case WorkerCommand.Survey(var keys) -> survey(keys);
      case WorkerCommand.HandOver handOver -> handOver(handOver);
      case WorkerCommand.AskPeers() -> askPeers();
      case WorkerCommand.Relieve relieve -> relieve(relieve);
      case WorkerCommand.Stop stop -> {
        world.stopped(this, stop);
        life = Life.LEAVING;
        link.leave();
      }
    }
  }

  private void serve(WorkerCommand.Serve serve) {
    if (time.chance(world.chaos.busy)) {
      world.network.answer(serve.asker(),
          new Answer.Came(new Message.Refused(Message.Reason.BUSY, "busy")));
    } else {
      world.network.answer(serve.asker(), new Answer.Data(serve));
    }
  }

  private void execute(WorkerCommand.Execute execute) {
    var node = graph.get(execute.key());
    var run = new Run(execute.key(), execute.attempt());
    var started = time.now();
    running.add(run);
    if (!disk.load(execute.inputs()).isEmpty()) {
      throw new IllegalStateException("nothing is damaged in this simulation");
    }
    if (execute.work().timeoutMillis() > 0) {
      reportAfter(execute.work().timeoutMillis() * SimulatedTime.MILLI, WorkerEvent.Tick::new);
    }
    if (time.chance(0.1)) {
      waitInside(run, node.runNanosMax());
    }
    time.after(time.duration(0, node.runNanosMax()), () -> {
      if (running.remove(run)) {
        report(outcome(execute, node, time.now() - started));
      }
    });
  }

  /// Some functions wait for a while, and give their slot away.
  private void waitInside(Run run, long nanosMax) {
    time.after(time.duration(0, nanosMax / 2), () -> {
      if (running.contains(run)) {
        report(new WorkerEvent.SlotYielded(run.key, run.attempt));
        time.after(time.duration(0, nanosMax / 2), () -> {
          if (running.contains(run)) {
            report(new WorkerEvent.SlotTaken(run.key, run.attempt));
          }
        });
      }
    });
  }

  private static WorkerEvent outcome(WorkerCommand.Execute execute, TaskGraph.Node node,
      long nanos) {
    if (node.fails()) {
      return new WorkerEvent.ExecutionEnded.Raised(execute.key(), execute.attempt(),
          failure("Boom", "'" + execute.key() + "' always fails"), nanos);
    }
    var numbers = new LinkedHashMap<Key, Long>();
    for (var input : node.inputs()) {
      if (execute.inputs().get(input) instanceof SimulatedValue value) {
        numbers.put(input, value.number());
      }
    }
    var size = node.value().map(SimulatedValue::sizeBytes).orElse(1L);
    return new WorkerEvent.ExecutionEnded.Succeeded(execute.key(), execute.attempt(),
        new SimulatedValue(TaskGraph.evaluate(execute.key(), numbers), size), nanos,
        Optional.empty());
  }

  private static Failure failure(String type, String message) {
    return new Failure(type, message, List.of(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  /// Some functions heed it.
  private void interrupt(Run run) {
    if (running.contains(run) && time.chance(0.7)) {
      reportAfter(time.duration(1_000, SimulatedTime.MILLI), () -> {
        if (!running.remove(run)) {
          return new WorkerEvent.Tick();
        }
        return new WorkerEvent.ExecutionEnded.Raised(run.key(), run.attempt(),
            failure("Interrupted", "while it ran"), 1);
      });
    }
  }

  // --- peers

  private void fetch(WorkerCommand.Fetch fetch) {
    var peer = world.at(fetch.peer());
    if (peer.isPresent() && !peer.get().info.id().name().equals(fetch.worker().name())) {
      reportAfter(SimulatedTime.MILLI,
          () -> new WorkerEvent.FetchEnded.PeerLost(fetch.peer(), "another node answers there"));
      return;
    }
    peers.to(fetch.peer()).call(
        List.of(asker -> new WorkerEvent.GetAsked(asker, fetch.keys(), 60)),
        answer -> report(fetchEnded(fetch, answer)));
  }

  private WorkerEvent fetchEnded(WorkerCommand.Fetch fetch, Answer answer) {
    return switch (answer) {
      case Answer.Data(var serve) -> arrived(fetch, serve);
      case Answer.Came(Message.Refused(var reason, _)) when reason == Message.Reason.BUSY ->
        new WorkerEvent.FetchEnded.PeerBusy(fetch.peer());
      case Answer.Came(var other) ->
        new WorkerEvent.FetchEnded.PeerLost(fetch.peer(), "it answers " + other);
      case Answer.Lost(var reason) -> new WorkerEvent.FetchEnded.PeerLost(fetch.peer(), reason);
    };
  }

  private WorkerEvent arrived(WorkerCommand.Fetch fetch, WorkerCommand.Serve serve) {
    var values = new LinkedHashMap<Key, Value>();
    var missing = new HashSet<Key>();
    var unsendable = new LinkedHashMap<Key, Failure>();
    var later = new HashSet<Key>();
    serve.found().forEach((key, value) -> {
      if (graph.get(key).unsendable() && world.chaos.isOn()) {
        unsendable.put(key, failure("NotSerializable", "'" + key + "' cannot be serialized"));
      } else {
        values.put(key, value);
      }
    });
    serve.others().forEach((key, datum) -> {
      var _ = switch (datum) {
        case Datum.Missing() -> missing.add(key);
        case Datum.Later() -> later.add(key);
        case Datum.Found _,Datum.Unsendable _,Datum.Placed _ ->
          throw new IllegalStateException("not by a core");
      };
    });
    return new WorkerEvent.FetchEnded.Arrived(fetch.peer(), values, missing, unsendable, later);
  }

  // --- leaving

  private record Survey(Map<Key, List<Holder>> holders, List<WorkerInfo> workers) {}

  private void survey(List<Key> keys) {
    store.call((MetadataState state, long now) -> new Survey(state.whoHas(keys, now),
        state.workers(now)),
        survey -> report(new WorkerEvent.Surveyed(survey.holders, survey.workers)),
        reason -> report(new WorkerEvent.SurveyFailed(reason)));
  }

  private void handOver(WorkerCommand.HandOver handOver) {
    var to = handOver.to();
    var keys = List.copyOf(handOver.values().keySet());
    peers.to(to.address()).call(
        List.of(asker -> new WorkerEvent.PutAsked(asker, handOver.values(), false)),
        answer -> report(switch (answer) {
          case Answer.Came(Message.Stored(var sizes, var refused)) ->
            new WorkerEvent.HandedOver(to, List.copyOf(sizes.keySet()),
                List.copyOf(refused.keySet()));
          case Answer.Came(var other) ->
            new WorkerEvent.HandOverFailed(to, keys, "it answers " + other);
          case Answer.Data _ -> throw new IllegalStateException("not to a put");
          case Answer.Lost(var reason) -> new WorkerEvent.HandOverFailed(to, keys, reason);
        }));
  }

  private void askPeers() {
    store.call((MetadataState state, long now) -> state.workers(now),
        workers -> report(new WorkerEvent.PeersTold(workers)),
        _ -> report(new WorkerEvent.PeersTold(List.of())));
  }

  private void relieve(WorkerCommand.Relieve relieve) {
    var to = relieve.to();
    peers.to(to.address()).call(
        List.of(asker -> new WorkerEvent.PutAsked(asker, relieve.values(), true)),
        answer -> report(switch (answer) {
          case Answer.Came(Message.Stored(var sizes, _)) ->
            new WorkerEvent.Relieved(to, List.copyOf(sizes.keySet()));
          case Answer _ -> new WorkerEvent.Relieved(to, List.of());
        }));
  }

  // --- for the checks at the end

  /// What it still waits for, empty if for nothing.
  Optional<String> whatIsUnderWay() {
    var figures = core.figures();
    if (life == Life.JOINING || isLeaving()) {
      return Optional.of(info.id() + " is " + (isLeaving() ? "leaving" : "joining"));
    }
    if (figures.tasks() + figures.runs() + figures.fetches() + figures.parked() > 0) {
      return Optional.of(info.id() + " has not come to rest: " + figures);
    }
    return link.isIdle()
        ? Optional.empty()
        : Optional.of(info.id() + " has not told or asked the store all");
  }
}
