package dev.heddle.worker;

import dev.heddle.metadata.Inventory;
import dev.heddle.metadata.MetadataEvent;
import dev.heddle.metadata.MetadataState;
import dev.heddle.metadata.SimulatedRegistrar;
import dev.heddle.metadata.SimulatedRegistrar.Next;
import dev.heddle.wire.Address;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.SimulatedNetwork.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A worker of the simulation: a real [WorkerState], and around it what the real shell does, one step
/// at a time. Every invariant of the core is checked after each batch.
final class SimulatedWorker implements SimulatedNetwork.Node {
  static final long LEASE_MILLIS = 1_500;
  private static final long TICK_NANOS = 20 * SimulatedTime.MILLI;

  private enum Life {
    JOINING, SERVING, LEAVING, DEAD
  }

  private record Run(Key key, long attempt) {}

  private final Simulation world;
  private final SimulatedTime time;
  private final SimulatedStore store;
  private final TaskGraph graph;
  private final WorkerInfo info;
  private final WorkerState core;
  private final SimulatedRegistrar registrar;
  private final SimulatedNetwork.Pool peers;
  private final Set<Key> toLocate = new LinkedHashSet<>();
  private final Map<Run, Boolean> running = new LinkedHashMap<>();
  private final List<WorkerEvent> events = new ArrayList<>();
  /// Since when the store has known of what is here.
  private final Map<Key, Long> registeredSince = new LinkedHashMap<>();
  private final Set<Key> offered = new HashSet<>();
  private final Set<Key> taken = new HashSet<>();
  private long deadline = Long.MAX_VALUE;
  /// Those that it may give its values to, when it leaves.
  private final Set<WorkerId> takers = new HashSet<>();
  private final Map<WorkerId, Integer> failures = new LinkedHashMap<>();
  private Life life = Life.JOINING;
  private boolean locating;
  private boolean calling;
  private long wakeAtMillis = Long.MAX_VALUE;
  private boolean ticking;
  private boolean handling;

  SimulatedWorker(Simulation world, WorkerId id, Address address, String host) {
    this.world = world;
    this.time = world.time;
    this.store = world.store;
    this.graph = world.graph;
    this.info = new WorkerInfo(id, address, host, id.incarnation(), 1 + time.below(2));
    this.core = new WorkerState(new WorkerConfig(id, host, info.threads(), 1 + time.below(2),
        6 + time.below(20), 1 + time.below(3), 1 + time.below(4), 100, 2 + time.below(2),
        TICK_NANOS, 3));
    this.registrar = new SimulatedRegistrar(info, LEASE_MILLIS, 3 + time.below(20), inventory(),
        time.millis());
    this.peers = world.network.new Pool();
    goOnRegistering();
  }

  WorkerInfo info() {
    return info;
  }

  WorkerState core() {
    return core;
  }

  boolean isAlive() {
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

  // --- into the core

  @Override
  public void received(int link, List<WorkerEvent> requests) {
    report(requests);
  }

  @Override
  public void ended(int link) {
    report(List.of(new WorkerEvent.AskersGone(link)));
  }

  void drain(long graceNanos) {
    deadline = Math.min(deadline, time.now() + graceNanos);
    report(List.of(new WorkerEvent.DrainAsked(time.now() + graceNanos)));
    tickLater();
    time.after(graceNanos + 2 * TICK_NANOS, () -> {
      if (isAlive() && core.figures().phase() != Departure.Phase.STOPPED) {
        throw new IllegalStateException(info.id() + " goes on after its grace: " + core.figures());
      }
    });
  }

  void crash() {
    die();
  }

  private void die() {
    life = Life.DEAD;
    world.network.breakAllOf(this);
    peers.close();
  }

  private void report(List<WorkerEvent> happened) {
    if (life == Life.DEAD) {
      return;
    }
    events.addAll(happened);
    if (handling) {
      throw new IllegalStateException("the core was entered while it was being left");
    }
    handling = true;
    var batch = List.copyOf(events);
    events.clear();
    world.trace.events(info.id(), time.now(), batch);
    var commands = core.handle(batch, time.now());
    core.checkInvariants();
    for (var command : commands) {
      world.trace.command(info.id(), time.now(), command);
      carryOut(command, batch);
    }
    handling = false;
    noteRegistered();
    if (core.figures().parked() > 0 || isLeaving()) {
      tickLater();
    }
  }

  /// [#report], when time has gone on.
  private void reportAfter(long delayNanos, Supplier<WorkerEvent> happened) {
    time.after(delayNanos, () -> {
      if (life != Life.DEAD) {
        report(List.of(happened.get()));
      }
    });
  }

  private void tickLater() {
    if (!ticking && life != Life.DEAD) {
      ticking = true;
      time.after(TICK_NANOS, () -> {
        ticking = false;
        report(List.of(new WorkerEvent.Tick()));
      });
    }
  }

  // --- out of the core

  private void carryOut(WorkerCommand command, List<WorkerEvent> batch) {
    switch (command) {
      case WorkerCommand.Reply(var asker, var response) -> {
        checkKnownToStore(response, batch);
        checkMissing(response);
        world.network.answer(asker, new Answer.Came(response));
      }
      case WorkerCommand.Serve serve -> serve(serve);
      case WorkerCommand.Execute execute -> execute(execute);
      case WorkerCommand.Interrupt(var key, var attempt) -> interrupt(new Run(key, attempt));
      case WorkerCommand.Locate(var keys) -> {
        toLocate.addAll(keys);
        goOnLocating();
      }
      case WorkerCommand.Fetch fetch -> fetch(fetch);
      case WorkerCommand.Register(var entries) -> {
        registrar.register(entries);
        goOnRegistering();
      }
      case WorkerCommand.Unregister(var keys) -> {
        registrar.unregister(keys);
        goOnRegistering();
      }
      case WorkerCommand.Survey(var keys) -> survey(keys);
      case WorkerCommand.HandOver handOver -> handOver(handOver);
      case WorkerCommand.Stop stop -> {
        checkStop(stop);
        world.stopped(this, stop);
        life = Life.LEAVING;
        registrar.close(time.millis() + 1_000);
        goOnRegistering();
      }
    }
  }

  /// What is reported is registered, unless the store was lost in between or it is gone already.
  private void checkKnownToStore(Message.Response response, List<WorkerEvent> batch) {
    if (response instanceof Message.Finished finished && store.wasAlwaysThere()
        && batch.stream().noneMatch(WorkerEvent.DeleteAsked.class::isInstance)
        && !storeKnows(finished.key())) {
      throw new IllegalStateException("'" + finished.key() + "' was reported by " + info.id()
          + " before the store knew");
    }
  }

  private void noteRegistered() {
    for (var node : graph.nodes()) {
      if (core.state(node.key()) instanceof KeyState.Stored stored && stored.registered()) {
        registeredSince.putIfAbsent(node.key(), time.now());
      } else {
        registeredSince.remove(node.key());
      }
    }
  }

  /// Since when the store has known that this worker has a key; in the future if it does not.
  long registeredSince(Key key) {
    return isStaying() ? registeredSince.getOrDefault(key, Long.MAX_VALUE) : Long.MAX_VALUE;
  }

  /// What the store knew before a task began is found.
  private void checkMissing(Message.Response response) {
    if (response instanceof Message.Failed(var key, var failure) && store.wasAlwaysThere()
        && failure.type().equals(MissingInputException.class.getName())
        && failure.message().endsWith("cannot be had: no worker has it; put or compute it first")) {
      var began = core.story(key).reversed().stream()
          .filter(line -> line.because().equals("ComputeAsked")).findFirst();
      for (var input : graph.get(key).inputs()) {
        if (began.isPresent() && failure.message().contains("its input '" + input + "'")
            && world.someoneHasSince(input) < began.get().atNanos()) {
          throw new IllegalStateException("'" + key + "' failed for want of '" + input
              + "', which the store knew of before: " + failure);
        }
      }
    }
  }

  /// What was taken is not lost, and what is lost was offered to whoever was there.
  private void checkStop(WorkerCommand.Stop stop) {
    for (var key : stop.lost()) {
      if (taken.contains(key)) {
        throw new IllegalStateException("'" + key + "' was handed over, and is said to be lost");
      }
      if (takers.stream().anyMatch(id -> failures.getOrDefault(id, 0) < 3)
          && time.now() < deadline && !offered.contains(key)) {
        throw new IllegalStateException("'" + key + "' was lost, and never offered to anybody");
      }
    }
  }

  private boolean storeKnows(Key key) {
    return store.state().whoHas(List.of(key), time.millis()).getOrDefault(key, List.of()).stream()
        .anyMatch(holder -> holder.worker().equals(info.id()));
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
    if (!execute.inputs().keySet().equals(execute.work().inputs())) {
      throw new IllegalStateException(
          execute.key() + " runs on " + execute.inputs().keySet() + ", needs " + node.inputs());
    }
    running.put(run, false);
    time.after(time.duration(0, node.runNanosMax()), () -> {
      if (running.remove(run) != null) {
        report(List.of(outcome(execute, node, time.now() - started)));
      }
    });
  }

  private static WorkerEvent outcome(WorkerCommand.Execute execute, TaskGraph.Node node,
      long nanos) {
    if (node.fails()) {
      return new WorkerEvent.ExecutionEnded.Raised(execute.key(), execute.attempt(),
          failure("Boom", "'" + execute.key() + "' always fails"));
    }
    var numbers = new LinkedHashMap<Key, Long>();
    for (var input : node.inputs()) {
      if (execute.inputs().get(input) instanceof SimulatedValue value) {
        numbers.put(input, value.number());
      }
    }
    var size = node.value().map(SimulatedValue::sizeBytes).orElse(1L);
    return new WorkerEvent.ExecutionEnded.Succeeded(execute.key(), execute.attempt(),
        new SimulatedValue(TaskGraph.evaluate(execute.key(), numbers), size), nanos);
  }

  private static Failure failure(String type, String message) {
    return new Failure(type, message, List.of(), 0, Optional.empty(), List.of(), Optional.empty());
  }

  /// Some functions heed it.
  private void interrupt(Run run) {
    if (running.containsKey(run) && time.chance(0.7)) {
      reportAfter(time.duration(1_000, SimulatedTime.MILLI), () -> {
        if (running.remove(run) == null) {
          return new WorkerEvent.Tick();
        }
        return new WorkerEvent.ExecutionEnded.Raised(run.key(), run.attempt(),
            failure("Interrupted", "while it ran"));
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
        answer -> report(List.of(fetchEnded(fetch, answer))));
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
        case Datum.Found _,Datum.Unsendable _ -> throw new IllegalStateException("not by a core");
      };
    });
    return new WorkerEvent.FetchEnded.Arrived(fetch.peer(), values, missing, unsendable, later);
  }

  // --- the store

  private Inventory inventory() {
    return new Inventory() {
      @Override
      public Iterator<Entry> entries() {
        return core.inventory().iterator();
      }

      @Override
      public boolean holds(Key key) {
        return core.state(key) instanceof KeyState.Stored;
      }
    };
  }

  private void goOnRegistering() {
    if (calling || life == Life.DEAD) {
      return;
    }
    switch (registrar.next(time.millis())) {
      case Next.End() -> die();
      case Next.Wait(var until) -> {
        if (until < wakeAtMillis || wakeAtMillis <= time.millis()) {
          wakeAtMillis = until;
          time.at(Math.max(until * SimulatedTime.MILLI, time.now() + 1), this::wake);
        }
      }
      case Next.Make(var call) -> {
        calling = true;
        store.call((state, now) -> {
          world.trace.note(time.now(), info.id() + " -- the store does: " + call);
          return call.on(state, now);
        }, answer -> registrarHeard(answer.arrived(time.millis())),
            reason -> registrarHeard(call.failed(reason, time.millis())));
      }
    }
  }

  private void wake() {
    wakeAtMillis = Long.MAX_VALUE;
    goOnRegistering();
  }

  private void registrarHeard(List<MetadataEvent> heard) {
    if (life == Life.DEAD) {
      return;
    }
    for (var each : heard) {
      var _ = switch (each) {
        case MetadataEvent.Joined() -> {
          life = life == Life.JOINING ? Life.SERVING : life;
          yield true;
        }
        case MetadataEvent.NameTaken _ -> true;
        case MetadataEvent.Registered(var keys) -> reported(new WorkerEvent.Registered(keys));
        case MetadataEvent.Away(var reason) -> reported(new WorkerEvent.StoreAway(reason));
        case MetadataEvent.Back() -> reported(new WorkerEvent.StoreBack());
        case MetadataEvent.Located _,MetadataEvent.LocateFailed _ ->
          throw new IllegalStateException("not by a registrar");
      };
    }
    calling = false;
    goOnRegistering();
  }

  private boolean reported(WorkerEvent event) {
    report(List.of(event));
    return true;
  }

  private void goOnLocating() {
    if (locating || toLocate.isEmpty()) {
      return;
    }
    locating = true;
    var keys = List.copyOf(toLocate);
    toLocate.clear();
    if (registrar.away().isPresent()) {
      time.after(1_000, () -> located(new WorkerEvent.LocateFailed(keys,
          registrar.away().orElse("it was away"))));
      return;
    }
    store.call((state, now) -> state.whoHas(keys, now),
        holders -> located(new WorkerEvent.Located(keys, holders)), reason -> {
          registrar.suspect(time.millis());
          goOnRegistering();
          located(new WorkerEvent.LocateFailed(keys, reason));
        });
  }

  private void located(WorkerEvent event) {
    if (life != Life.DEAD) {
      locating = false;
      report(List.of(event));
      goOnLocating();
    }
  }

  // --- leaving

  private record Survey(Map<Key, List<Holder>> holders, List<WorkerInfo> workers) {}

  private void survey(List<Key> keys) {
    store.call((MetadataState state, long now) -> new Survey(state.whoHas(keys, now),
        state.workers(now)),
        survey -> {
          survey.workers.forEach(worker -> takers.add(worker.id()));
          takers.remove(info.id());
          report(List.of(new WorkerEvent.Surveyed(survey.holders, survey.workers)));
        }, reason -> report(List.of(new WorkerEvent.SurveyFailed(reason))));
  }

  private void handOver(WorkerCommand.HandOver handOver) {
    var to = handOver.to();
    var keys = List.copyOf(handOver.values().keySet());
    offered.addAll(keys);
    peers.to(to.address()).call(
        List.of(asker -> new WorkerEvent.PutAsked(asker, handOver.values())),
        answer -> report(List.of(switch (answer) {
          case Answer.Came(Message.Stored(var sizes, var refused)) -> {
            taken.addAll(sizes.keySet());
            yield new WorkerEvent.HandedOver(to, List.copyOf(sizes.keySet()),
                List.copyOf(refused.keySet()));
          }
          case Answer.Came(var other) -> handOverFailed(to, keys, "it answers " + other);
          case Answer.Data _ -> throw new IllegalStateException("not to a put");
          case Answer.Lost(var reason) -> handOverFailed(to, keys, reason);
        })));
  }

  private WorkerEvent handOverFailed(WorkerInfo to, List<Key> keys, String reason) {
    failures.merge(to.id(), 1, Integer::sum);
    return new WorkerEvent.HandOverFailed(to, keys, reason);
  }

  // --- for the checks at the end

  /// What it still waits for, empty if for nothing.
  Optional<String> whatIsUnderWay() {
    var figures = core.figures();
    if (life == Life.JOINING || isLeaving()) {
      return Optional.of(info.id() + " is " + (isLeaving() ? "leaving" : "joining"));
    }
    if (figures.tasks() + figures.runs() + figures.fetches() + figures.parked() > 0 || locating) {
      return Optional.of(info.id() + " has not come to rest: " + figures);
    }
    return registrar.isIdle()
        ? Optional.empty()
        : Optional.of(info.id() + " has not told the store all");
  }
}
