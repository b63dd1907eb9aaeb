package dev.heddle.scheduler;

import dev.heddle.metadata.MetadataState;
import dev.heddle.simulation.Network.Answer;
import dev.heddle.simulation.Network.Party;
import dev.heddle.simulation.Network.Wire;
import dev.heddle.simulation.SimulatedProcess;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.World;
import dev.heddle.wire.Address;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A scheduler of the simulation: a real [SchedulerState], the store of who has what, and around them what
/// the real shell does. Every invariant of the core is checked after each batch.
public final class SimulatedScheduler extends SimulatedProcess {
  private static final long TICK_NANOS = 200 * SimulatedTime.MILLI;
  private static final long LEASES_NANOS = 50 * SimulatedTime.MILLI;

  private record Asker(Wire wire, long correlation) {}

  private final SchedulerState core;
  private final MetadataState store = new MetadataState();
  private final SimulatedMembers members;
  private final Map<ClientId, SimulatedClientLink> clients = new LinkedHashMap<>();
  private final Map<WorkerId, SimulatedAttendant> serving = new LinkedHashMap<>();
  private final Map<Long, Asker> askers = new LinkedHashMap<>();
  /// What each assignment is of, as long as it may matter.
  private final Map<Long, Key> assignments = new LinkedHashMap<>();
  private final Duration settleWithin;
  private final Duration clientPatience;
  private long lastAsker;
  private boolean handling;

  public SimulatedScheduler(World world, Address address, String name) {
    super(world, name, address);
    var time = world.time;
    settleWithin = Duration.ofMillis(3_000 + time.below(3_000));
    clientPatience = Duration.ofMillis(1_000 + time.below(4_000));
    core = new SchedulerState(new SchedulerConfig(world.namespace, world.allowedFailures,
        clientPatience, settleWithin,
        Duration.ofMillis(50 + time.below(500)), Duration.ofMillis(time.below(50))));
    members = new SimulatedMembers(world, this);
    store.record(true);
  }

  /// From now on, it can be dialled.
  public void start() {
    world.network.listen(this);
    tick();
    endLeases();
    after(Math.max(settleWithin.toNanos(), clientPatience.toNanos()), this::settled);
  }

  /// It waits no longer for workers that have not come back to it.
  private void settled() {
    if (world.workers().stream().anyMatch(w -> !attached().contains(w.info().id()))) {
      world.judge.scatteredMayBeLost();
    }
  }

  private void tick() {
    report(List.of(new SchedulerEvent.Tick()));
    after(TICK_NANOS, this::tick);
  }

  private void endLeases() {
    store.tick(millis());
    storeChanged();
    after(LEASES_NANOS, this::endLeases);
  }

  @Override
  protected boolean listens() {
    return true;
  }

  // --- into the core

  void report(List<SchedulerEvent> events) {
    if (events.isEmpty() || !isAlive()) {
      return;
    }
    if (handling) {
      throw new IllegalStateException("the core was entered while it was being left");
    }
    handling = true;
    for (var event : events) {
      world.history.kind(event);
      if (!isRoutine(List.of(event))) {
        world.history.note(name() + " <-", event);
      }
      hears(event);
    }
    var commands = core.handle(events, nanos());
    for (var command : commands) {
      world.history.kind(command);
      world.history.note(name() + " ->", command);
      says(command);
    }
    if (!commands.isEmpty() || !isRoutine(events)) {
      core.check();
    }
    noteTold(events);
    world.judge.checkDefects(core.takeDefects());
    var stall = core.takeStall();
    world.judge.checkDefects(stall.isEmpty() ? List.of() : List.of("a standstill: " + stall));
    carryOut(commands);
    handling = false;
  }

  private static boolean isRoutine(List<SchedulerEvent> events) {
    return events.stream().allMatch(event -> event instanceof SchedulerEvent.Tick
        || event instanceof SchedulerEvent.Beat);
  }

  /// Somebody who started a worker tells why it died.
  public void explainDeath(String worker, long pid, String cause) {
    report(List.of(new SchedulerEvent.DeathExplained(worker, pid, cause)));
  }

  private void hears(SchedulerEvent event) {
    switch (event) {
      case SchedulerEvent.WorkerDied(var worker, var left, _) ->
        world.judge.workerLost(worker, left);
      case SchedulerEvent.WorkerCame came -> world.judge.workerCame(came.worker().id(),
          came.stored().stream().map(Message.Entry::key).toList(), came.unfinished());
      case SchedulerEvent.Unregistered(var worker, var keys) ->
        world.judge.released(worker, keys);
      case SchedulerEvent _ -> {
        // Nothing follows for the judge.
      }
    }
  }

  private void says(SchedulerCommand command) {
    var history = world.history;
    switch (command) {
      case SchedulerCommand.Tell(var client, var result) -> {
        history.mix(client.hashCode());
        history.mix(result.task());
        history.mix(result.getClass().getSimpleName().hashCode());
      }
      case SchedulerCommand.TellWorkers(var workers) -> history.mix(workers.size());
      case SchedulerCommand.Reply(var asker, var response) -> {
        history.mix(asker);
        history.mix(response.getClass().getSimpleName().hashCode());
      }
      case SchedulerCommand.Assign assign -> {
        history.mix(assign.worker().hashCode());
        history.mix(assign.key());
        history.mix(assign.task());
        assignments.put(assign.task(), assign.key());
        world.judge.assigned(assign.worker(), assign.key());
      }
      case SchedulerCommand.Recall(var worker, var tasks) -> {
        history.mix(worker.hashCode());
        tasks.forEach(history::mix);
      }
      case SchedulerCommand.Abort(var worker, var tasks) -> {
        history.mix(worker.hashCode());
        tasks.forEach(history::mix);
        world.judge.aborted(worker, tasks.stream().map(assignments::get)
            .filter(Objects::nonNull).map(Key.class::cast).toList());
      }
      case SchedulerCommand.Release(var worker, var keys) -> {
        history.mix(worker.hashCode());
        keys.forEach(history::mix);
        world.judge.released(worker, keys);
      }
      case SchedulerCommand.AskToLeave(var worker) -> history.mix(worker.hashCode());
    }
  }

  /// What the core knows now because a worker told it of an end.
  private void noteTold(List<SchedulerEvent> events) {
    for (var event : events) {
      if (event instanceof SchedulerEvent.Ended(var worker, var task, TaskEnd.Ready _)
          && assignments.get(task) instanceof Key key
          && core.whoHas(List.of(key)).getOrDefault(key, List.of()).stream()
              .anyMatch(holder -> holder.worker().equals(worker))) {
        world.judge.told(worker, key);
      }
    }
  }

  // --- out of the core

  private void carryOut(List<SchedulerCommand> commands) {
    var parcels = new LinkedHashMap<ClientId, List<Message.Result>>();
    for (var command : commands) {
      switch (command) {
        case SchedulerCommand.Tell(var client, var result) ->
          parcels.computeIfAbsent(client, _ -> new ArrayList<>()).add(result);
        case SchedulerCommand.TellWorkers(var all) -> {
          send(parcels);
          clients.values().forEach(client -> client.wire().notice(new Message.WorkersNow(all)));
        }
        case SchedulerCommand.Reply(var asker, var response) -> {
          send(parcels);
          if (askers.remove(asker) instanceof Asker to) {
            to.wire().reply(to.correlation(), response);
          }
        }
        case SchedulerCommand.Assign assign ->
          serving(assign.worker()).ifPresent(worker -> worker.assign(assign));
        case SchedulerCommand.Recall(var worker, var tasks) ->
          serving(worker).ifPresent(to -> to.say(new Message.Recall(tasks)));
        case SchedulerCommand.Abort(var worker, var tasks) ->
          serving(worker).ifPresent(to -> to.say(new Message.Abort(tasks)));
        case SchedulerCommand.Release(var worker, var keys) ->
          serving(worker).ifPresent(to -> to.say(new Message.Release(keys)));
        case SchedulerCommand.AskToLeave(var worker) ->
          serving(worker).ifPresent(SimulatedAttendant::askToLeave);
      }
    }
    send(parcels);
  }

  private void send(Map<ClientId, List<Message.Result>> parcels) {
    parcels.forEach((id, results) -> {
      if (clients.get(id) instanceof SimulatedClientLink client) {
        client.wire().notice(new Message.Results(List.copyOf(results)));
      }
    });
    parcels.clear();
  }

  // --- workers

  private Optional<SimulatedAttendant> serving(WorkerId worker) {
    return Optional.ofNullable(serving.get(worker));
  }

  void serves(SimulatedAttendant attendant) {
    var info = attendant.worker();
    serving.put(info.id(), attendant);
  }

  void servesNoMore(SimulatedAttendant attendant) {
    serving.remove(attendant.worker().id(), attendant);
  }

  void died(WorkerId worker) {
    store.leave(worker, millis());
    storeChanged();
  }

  /// A worker that ends in good order leaves the store before it ends its connections.
  boolean hasLeftStore(WorkerId worker) {
    return store.workers(millis()).stream().noneMatch(other -> other.id().equals(worker));
  }

  void dropFunction(Function function) {
    serving.values().forEach(worker -> worker.drop(function));
  }

  // --- the store

  /// The store, for those who reach this process; [#storeChanged] follows.
  public MetadataState store() {
    return store;
  }

  public void storeChanged() {
    members.changed(store.takeChanges());
  }

  /// Who has these: as the store knows, and as the core does.
  public Map<Key, List<Holder>> whoHas(List<Key> keys) {
    var all = new LinkedHashMap<>(store.whoHas(keys, millis()));
    core.whoHas(keys.stream().filter(key -> TaskKeys.isOf(key, world.namespace)).toList())
        .forEach((key, known) -> {
          var holders = new ArrayList<>(all.getOrDefault(key, List.of()));
          for (var holder : known) {
            if (holders.stream().noneMatch(other -> other.worker().equals(holder.worker()))) {
              holders.add(holder);
            }
          }
          if (!holders.isEmpty()) {
            all.put(key, holders);
          }
        });
    return all;
  }

  // --- clients

  @Override
  protected Party accept(Wire wire) {
    return new SimulatedClientLink(world, this, wire);
  }

  /// A client greeted. If it has another connection still, this one takes over.
  void enter(SimulatedClientLink link, ClientId id, SchedulerEvent.ClientCame came) {
    var before = clients.put(id, link);
    if (before != null) {
      before.wire().close("this client has connected anew");
    }
    report(before == null ? List.of(came) : List.of(new SchedulerEvent.ClientAway(id), came));
  }

  void leaves(SimulatedClientLink link, ClientId id) {
    if (clients.remove(id, link)) {
      report(List.of(new SchedulerEvent.ClientLeft(id)));
    }
  }

  void isAway(SimulatedClientLink link, ClientId id) {
    if (clients.remove(id, link)) {
      report(List.of(new SchedulerEvent.ClientAway(id)));
    }
  }

  long asker(Wire wire, long correlation) {
    askers.put(++lastAsker, new Asker(wire, correlation));
    return lastAsker;
  }

  // --- for the checks

  /// For how long it waits for those who may come back, in nanoseconds.
  public long settleNanos() {
    return settleWithin.toNanos();
  }

  public List<String> story(Key key) {
    return core.story(key);
  }

  public String explain(Key key) {
    return core.explain(key, nanos());
  }

  public Map<Key, List<WorkerId>> coreWhoHas(List<Key> keys) {
    var workers = new LinkedHashMap<Key, List<WorkerId>>();
    core.whoHas(keys).forEach(
        (key, holders) -> workers.put(key, holders.stream().map(Holder::worker).toList()));
    return workers;
  }

  /// What is left, empty if nothing is.
  public Optional<String> whatIsLeft() {
    var tasks = new LinkedHashMap<>(core.tasks());
    tasks.values().removeIf(count -> count == 0);
    if (!tasks.isEmpty()) {
      return Optional.of("tasks are left in the scheduler: " + tasks);
    }
    for (var worker : core.workers(nanos())) {
      if (worker.assigned() > 0 || worker.values() > 0) {
        return Optional.of("the scheduler believes that " + worker + " has something");
      }
    }
    return Optional.empty();
  }

  /// Which workers it can give work to.
  public List<WorkerId> attached() {
    return List.copyOf(serving.keySet());
  }

  /// Calls a worker over its own connection.
  void retired(Answer answer) {
    world.history.note(name(), "a worker asked to leave says " + answer);
  }

  /// Asks for a worker to give its values away and to leave.
  public void retire(String worker, @Nullable Wire asker, long correlation) {
    var number = asker == null ? ++lastAsker : asker(asker, correlation);
    report(List.of(new SchedulerEvent.RetireAsked(number, worker)));
  }
}
