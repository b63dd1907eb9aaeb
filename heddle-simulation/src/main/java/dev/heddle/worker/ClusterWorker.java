package dev.heddle.worker;

import dev.heddle.metadata.MetadataState;
import dev.heddle.simulation.Network.Answer;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.simulation.Payloads;
import dev.heddle.simulation.SimulatedProcess;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.StoreAccess;
import dev.heddle.simulation.World;
import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Payload;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A worker of a simulated cluster: a real [WorkerState], and around it what the real shell does, one step
/// at a time. Every invariant of the core is checked after each batch.
public final class ClusterWorker extends SimulatedProcess implements SimulatedStoreLink.Owner {
  private static final long TICK_NANOS = 20 * SimulatedTime.MILLI;
  private static final long BEAT_NANOS = 1_000 * SimulatedTime.MILLI;
  private static final long RETIRE_NANOS = 3 * SimulatedTime.SECOND;

  private enum Life {
    JOINING, SERVING, LEAVING
  }

  private final WorkerInfo info;
  private final Map<String, Integer> resources;
  private final WorkerState core;
  private final SimulatedDisk disk;
  private final StoreAccess store;
  private final SimulatedStoreLink link;
  private final ClusterExecutor executor;
  private final Map<Integer, ClusterLink> links = new LinkedHashMap<>();
  private final Map<Address, Wire> peers = new LinkedHashMap<>();
  private Life life = Life.JOINING;
  private boolean ticking;
  private boolean handling;

  /// @param slowness by how much longer its functions run than those of others
  public ClusterWorker(World world, WorkerId id, Address address, String host,
      Map<String, Integer> resources, int slowness) {
    super(world, id.name(), address);
    var time = world.time;
    this.info = new WorkerInfo(id, address, host, 1 + (id.incarnation() >>> 33),
        1 + time.below(3));
    this.resources = new TreeMap<>(resources);
    this.disk = new SimulatedDisk(time, true);
    this.core = new WorkerState(new WorkerConfig(id, host, info.threads(), 1 + time.below(3),
        world.tasksMax, 1 + time.below(3), 1 + time.below(4), 100, 2 + time.below(2),
        TICK_NANOS, 3, disk.bounds()));
    this.store = world.storeFor(this);
    this.executor = new ClusterExecutor(world, this, slowness);
    this.link = new SimulatedStoreLink(this, store, this::noteStore,
        3 + time.below(20), info, core, this);
  }

  private void noteStore(String what) {
    if (!what.contains("does: renew")) {
      world.history.note(name(), what);
    }
  }

  /// Joins, and from then on takes requests.
  public void start() {
    world.network.listen(this);
    link.goOnRegistering();
    beat();
  }

  private void beat() {
    after(BEAT_NANOS, () -> {
      report(new WorkerEvent.BeatDue(Message.Vitals.UNKNOWN));
      beat();
    });
  }

  public WorkerInfo info() {
    return info;
  }

  public Map<String, Integer> resources() {
    return resources;
  }

  @Override
  protected boolean listens() {
    return life != Life.JOINING;
  }

  private boolean isLeaving() {
    return core.figures().phase() != Departure.Phase.STAYING;
  }

  /// Whether it takes on work, as far as it is concerned.
  public boolean isStaying() {
    return isAlive() && life == Life.SERVING && !isLeaving();
  }

  public boolean stores(Key key) {
    return isAlive() && core.state(key) instanceof KeyState.Stored;
  }

  // --- into the core

  @Override
  public void joined() {
    if (life == Life.JOINING) {
      life = Life.SERVING;
    }
  }

  @Override
  public void left() {
    world.judge.workerDied(this);
    die();
  }

  /// It is to end in good order.
  public void drain() {
    if (isStaying()) {
      report(new WorkerEvent.DrainAsked(nanos() + RETIRE_NANOS));
    }
  }

  @Override
  public void report(WorkerEvent event) {
    report(List.of(event));
  }

  void report(List<WorkerEvent> batch) {
    if (!isAlive() || batch.isEmpty()) {
      return;
    }
    if (handling) {
      throw new IllegalStateException("the core was entered while it was being left");
    }
    handling = true;
    for (var event : batch) {
      world.history.kind(event);
      if (!(event instanceof WorkerEvent.Tick || event instanceof WorkerEvent.BeatDue)) {
        world.history.note(name() + " <-", event);
      }
    }
    var commands = core.handle(batch, nanos());
    for (var command : commands) {
      world.history.kind(command);
      if (!(command instanceof WorkerCommand.Tell(_, Message.Beat _))) {
        world.history.note(name() + " ->", command);
      }
      carryOut(command);
    }
    if (!commands.isEmpty() || !(batch.getFirst() instanceof WorkerEvent.Tick)) {
      core.checkInvariants();
      checkDisk();
    }
    handling = false;
    tickLater();
  }

  private void checkDisk() {
    if (life != Life.LEAVING && disk.count() != core.figures().memory().files()) {
      throw new IllegalStateException(disk.count() + " values are on disk, and "
          + core.figures().memory().files() + " are known to be");
    }
  }

  private void tickLater() {
    var figures = core.figures();
    if (!ticking && (figures.parked() > 0 || isLeaving() || executor.isTimed()
        || figures.memory().awaitsRetry())) {
      ticking = true;
      after(TICK_NANOS, () -> {
        ticking = false;
        report(new WorkerEvent.Tick());
      });
    }
  }

  // --- out of the core

  private void carryOut(WorkerCommand command) {
    var history = world.history;
    switch (command) {
      case WorkerCommand.Reply(var asker, var response) -> {
        history.mix(asker.hashCode());
        answer(asker, response);
      }
      case WorkerCommand.Tell(var to, var notice) -> {
        history.mix(to);
        history.mix(notice.getClass().getSimpleName().hashCode());
        if (links.get(to) instanceof ClusterLink known) {
          known.wire().notice(notice);
        }
      }
      case WorkerCommand.Dismiss(var to, var reason) -> {
        if (links.get(to) instanceof ClusterLink known) {
          known.wire().close(reason);
        }
      }
      case WorkerCommand.Serve serve -> {
        serve.found().keySet().forEach(history::mix);
        serve(serve);
      }
      case WorkerCommand.Execute execute -> {
        history.mix(execute.key());
        executor.execute(execute);
      }
      case WorkerCommand.Interrupt(var key, var attempt) -> {
        history.mix(key);
        executor.interrupt(attempt);
      }
      case WorkerCommand.Spill spill -> {
        spill.parts().forEach(part -> history.mix(part.key()));
        var ending = disk.spill(spill);
        after(ending.afterNanos(), () -> report(ending.outcomes().take()));
      }
      case WorkerCommand.LetGo(var values) -> disk.letGo(values);
      case WorkerCommand.Forget(var value) -> disk.forget(value);
      case WorkerCommand.Warn _ -> {
        // For people.
      }
      case WorkerCommand.Locate(var keys) -> {
        keys.forEach(history::mix);
        link.locate(keys);
      }
      case WorkerCommand.Fetch fetch -> {
        fetch.keys().forEach(history::mix);
        fetch(fetch);
      }
      case WorkerCommand.Register(var entries) -> {
        entries.forEach(entry -> history.mix(entry.key()));
        link.register(entries);
      }
      case WorkerCommand.Unregister(var keys) -> {
        keys.forEach(history::mix);
        link.unregister(keys);
      }
      case WorkerCommand.Survey(var keys) -> survey(keys);
      case WorkerCommand.HandOver handOver -> handOver(handOver);
      case WorkerCommand.AskPeers() -> askPeers();
      case WorkerCommand.Relieve relieve -> relieve(relieve);
      case WorkerCommand.Stop _ -> {
        life = Life.LEAVING;
        link.leave();
      }
    }
  }

  private void answer(Asker asker, Message.Response response) {
    if (links.get(asker.link()) instanceof ClusterLink known) {
      known.wire().reply(asker.correlation(), response);
    }
  }

  private void serve(WorkerCommand.Serve serve) {
    if (world.time.chance(world.busy)) {
      answer(serve.asker(), new Message.Refused(Message.Reason.BUSY, "busy"));
      return;
    }
    var values = new LinkedHashMap<Key, Datum>();
    serve.found().forEach((key, value) -> {
      if (!disk.isReadable(value)) {
        values.put(key, new Datum.Missing());
        after(0, () -> {
          valueLost(key);
          report(new WorkerEvent.ValueLost(key, value, "damaged"));
        });
        return;
      }
      world.judge.checkValue(key, ((SimulatedValue) value).number(), "is on " + name());
      values.put(key, new Datum.Found(payload(value)));
    });
    values.putAll(serve.others());
    answer(serve.asker(), new Message.Data(values));
  }

  /// A file cannot be read: whoever needs the value computes it again, if that can be done.
  private void valueLost(Key key) {
    world.judge.valueLost(info.id(), key);
  }

  /// Brings the inputs of a function into memory.
  ///
  /// @return the keys of those that cannot be read
  List<Key> load(Map<Key, Value> inputs) {
    var lost = disk.load(inputs);
    lost.forEach(this::valueLost);
    return lost;
  }

  static Payload payload(Value value) {
    if (value instanceof SimulatedValue(var number, var size)) {
      return Payloads.value(number, size);
    }
    throw new IllegalStateException("no value of the simulation: " + value);
  }

  static SimulatedValue value(Payload payload) {
    return new SimulatedValue(Payloads.number(payload), Payloads.sizeBytes(payload));
  }

  // --- peers

  private Wire peer(Address address) {
    var known = peers.get(address);
    if (known == null || !known.isOpen()) {
      known = world.network.connect(this, address, new Party() {
        @Override
        public void received(List<dev.heddle.simulation.Network.Incoming> batch) {
          throw new IllegalStateException("a peer said " + batch);
        }

        @Override
        public void closed(String reason, boolean refused) {
          // The next one who needs it dials again.
        }
      });
      peers.put(address, known);
    }
    return known;
  }

  private void fetch(WorkerCommand.Fetch fetch) {
    peer(fetch.peer()).call(new Message.GetData(fetch.keys(), 60),
        answer -> report(switch (answer) {
          case Answer.Came(Message.Data(var values)) -> arrived(fetch, values);
          case Answer.Came(Message.Refused(var reason, _)) when reason == Message.Reason.BUSY ->
            new WorkerEvent.FetchEnded.PeerBusy(fetch.peer());
          case Answer.Came(var other) ->
            new WorkerEvent.FetchEnded.PeerLost(fetch.peer(), "it answers " + other);
          case Answer.Lost(var reason) ->
            new WorkerEvent.FetchEnded.PeerLost(fetch.peer(), reason);
        }));
  }

  private static WorkerEvent arrived(WorkerCommand.Fetch fetch, Map<Key, Datum> data) {
    var values = new LinkedHashMap<Key, Value>();
    Set<Key> missing = new LinkedHashSet<>();
    Set<Key> later = new LinkedHashSet<>();
    data.forEach((key, datum) -> {
      switch (datum) {
        case Datum.Found(var payload) -> values.put(key, value(payload));
        case Datum.Missing() -> missing.add(key);
        case Datum.Later() -> later.add(key);
        case Datum.Placed _ -> throw new IllegalStateException("nobody shares memory here");
        case Datum.Unsendable(var failure) ->
          throw new IllegalStateException("all can be sent, but not '" + key + "': " + failure);
      }
    });
    return new WorkerEvent.FetchEnded.Arrived(fetch.peer(), values, missing, Map.of(), later);
  }

  // --- leaving

  private record Survey(Map<Key, List<Holder>> holders, List<WorkerInfo> workers) {}

  private void survey(List<Key> keys) {
    store.call(
        (MetadataState state, long now) -> new Survey(store.whoHas(state, keys, now),
            state.workers(now)),
        survey -> report(new WorkerEvent.Surveyed(survey.holders, survey.workers)),
        reason -> report(new WorkerEvent.SurveyFailed(reason)));
  }

  private void handOver(WorkerCommand.HandOver handOver) {
    var to = handOver.to();
    var keys = List.copyOf(handOver.values().keySet());
    var payloads = new LinkedHashMap<Key, Payload>();
    handOver.values().forEach((key, value) -> {
      if (disk.isReadable(value)) {
        payloads.put(key, payload(value));
      } else {
        valueLost(key);
      }
    });
    peer(to.address()).call(new Message.PutData(payloads, false), answer -> report(switch (answer) {
      case Answer.Came(Message.Stored(var sizes, var refused)) -> new WorkerEvent.HandedOver(to,
          List.copyOf(sizes.keySet()),
          keys.stream().filter(key -> !sizes.containsKey(key)).toList());
      case Answer.Came(var other) ->
        new WorkerEvent.HandOverFailed(to, keys, "it answers " + other);
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
    var payloads = new LinkedHashMap<Key, Payload>();
    relieve.values().forEach((key, value) -> payloads.put(key, payload(value)));
    peer(to.address()).call(new Message.PutData(payloads, true), answer -> report(switch (answer) {
      case Answer.Came(Message.Stored(var sizes, _)) ->
        new WorkerEvent.Relieved(to, List.copyOf(sizes.keySet()));
      case Answer _ -> new WorkerEvent.Relieved(to, List.of());
    }));
  }

  // --- connections

  @Override
  protected Party accept(Wire wire) {
    var accepted = new ClusterLink(this, wire);
    links.put(wire.number(), accepted);
    return accepted;
  }

  void gone(int number) {
    links.remove(number);
    report(new WorkerEvent.AskersGone(number));
  }

  // --- for the checks

  /// What it still waits for, empty if for nothing.
  public Optional<String> whatIsUnderWay() {
    var figures = core.figures();
    if (life == Life.JOINING || isLeaving()) {
      return Optional.of(name() + " is " + (isLeaving() ? "leaving" : "joining"));
    }
    if (figures.tasks() + figures.runs() + figures.fetches() + figures.parked() > 0) {
      return Optional.of(name() + " has not come to rest: " + figures);
    }
    return link.isIdle()
        ? Optional.empty()
        : Optional.of(name() + " has not told or asked the store all");
  }

  /// All that it has.
  public List<Key> stored() {
    return core.inventory().stream().map(Message.Entry::key).toList();
  }

  public List<String> story(Key key) {
    var lines = new ArrayList<String>();
    core.story(key).forEach(line -> lines.add(line.toString()));
    return lines;
  }
}
