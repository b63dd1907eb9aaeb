package dev.heddle.scheduler;

import dev.heddle.scheduler.SchedulerCommand.TellWorkers;
import dev.heddle.scheduler.SchedulerEvent.AbortAsked;
import dev.heddle.scheduler.SchedulerEvent.AdoptAsked;
import dev.heddle.scheduler.SchedulerEvent.Beat;
import dev.heddle.scheduler.SchedulerEvent.ClientAway;
import dev.heddle.scheduler.SchedulerEvent.ClientCame;
import dev.heddle.scheduler.SchedulerEvent.ClientLeft;
import dev.heddle.scheduler.SchedulerEvent.DeathExplained;
import dev.heddle.scheduler.SchedulerEvent.Dropped;
import dev.heddle.scheduler.SchedulerEvent.Ended;
import dev.heddle.scheduler.SchedulerEvent.MapSubmitted;
import dev.heddle.scheduler.SchedulerEvent.Needed;
import dev.heddle.scheduler.SchedulerEvent.PlaceTold;
import dev.heddle.scheduler.SchedulerEvent.PublishAsked;
import dev.heddle.scheduler.SchedulerEvent.Registered;
import dev.heddle.scheduler.SchedulerEvent.RetireAsked;
import dev.heddle.scheduler.SchedulerEvent.Scattered;
import dev.heddle.scheduler.SchedulerEvent.Submitted;
import dev.heddle.scheduler.SchedulerEvent.Tick;
import dev.heddle.scheduler.SchedulerEvent.UnpublishAsked;
import dev.heddle.scheduler.SchedulerEvent.Unregistered;
import dev.heddle.scheduler.SchedulerEvent.ValuesMoved;
import dev.heddle.scheduler.SchedulerEvent.Waits;
import dev.heddle.scheduler.SchedulerEvent.Withdrawn;
import dev.heddle.scheduler.SchedulerEvent.WorkerAway;
import dev.heddle.scheduler.SchedulerEvent.WorkerCame;
import dev.heddle.scheduler.SchedulerEvent.WorkerDied;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// All that a scheduler decides: which task runs where and when, and what each client is told.
///
/// A deterministic state machine: events and the time go in, commands come out. It does no I/O, has
/// no thread and no clock, and is entered by one process at a time.
///
/// This is its door. What follows from an event is decided in rooms of one idea each, which share the
/// tables [Tasks], [Clients], [Crew] and [Queues], and the [Outbox]. Each room knows those below it.
///
/// ```
///             ┌───────────────────────── SchedulerState ─────────────────────────┐
///   clients ─►│ Submitting   makes tasks of what is submitted                    │
///             │ Wanting      futures, names, aborts                              │
///   workers ─►│ Attending    who comes, comes back, beats                        │
///             │ Losing       who dies, who is to blame       Stealing  Placing   │──► commands
///             │ Ending       how an assignment ended              │      │       │
///             │ Settling     what was there before this start     ▼      ▼       │
///             │    └─► Keeping  values come and are lost        ┌─────────┐      │
///             │           └─► Reviving  sets tasks on their way │ Posting │      │
///             │                  └─► Failing  ends them without │ assigns │      │
///             │                         ├─► Recording  their    └─────────┘      │
///             │                         │               inputs                   │
///             │                         └─► Releasing  lets go                   │
///             │ Inquest      whether what was cancelled had begun                │
///             │ Explaining, Defining   what a task waits for, and what it is     │
///             │ Looking, Mishaps       how far everything is, what failed last   │
///             │ Summing      figures for monitoring, from what the Tally counts  │
///             └──────────────────────────────────────────────────────────────────┘
/// ```
final class SchedulerState {
  /// How many tasks, and how many transitions, a dump has.
  private static final int TOLD_MAX = 5_000;

  private final SchedulerConfig config;
  private final Clients clients = new Clients();
  private final Crew crew = new Crew();
  private final Outbox out = new Outbox();
  private final Mishaps mishaps = new Mishaps();
  private final Tally tally = new Tally();
  private final Defects defects = new Defects(tally);
  private final Hearsay hearsay = new Hearsay();
  private final Tasks tasks;
  private final Queues queues;
  private final Releasing releasing;
  private final Ending ending;
  private final Losing losing;
  private final Attending attending;
  private final Settling settling;
  private final Wanting wanting;
  private final Submitting submitting;
  private final Placing placing;
  private final Stealing stealing;
  private final Explaining explaining;
  private final Defining defining;
  private final Watching watching;
  private final Looking looking;
  private final Summing summing;

  SchedulerState(SchedulerConfig config) {
    this(config, Story.Audience.NONE);
  }

  SchedulerState(SchedulerConfig config, Story.Audience audience) {
    this.config = config;
    tasks = new Tasks(config.namespace(), clients, audience, tally);
    queues = new Queues(tasks, crew);
    var posting = new Posting(config, tasks, queues, out);
    var telling = new Telling(out);
    releasing = new Releasing(tasks, queues, posting, out);
    var recording = new Recording(releasing);
    releasing.forgetting(recording::forget);
    var paces = new Paces();
    var failing = new Failing(tasks, queues, telling, releasing, recording, mishaps,
        tally);
    var reviving = new Reviving(tasks, queues, posting, out, releasing, failing);
    var keeping = new Keeping(tasks, queues, out, telling, releasing, reviving);
    settling = new Settling(config, tasks, clients, crew, queues, out, posting, failing, reviving,
        keeping);
    var inquest = new Inquest(telling);
    ending = new Ending(tasks, crew, out, posting, failing, reviving, keeping, inquest);
    losing = new Losing(config, tasks, crew, queues, out, failing, reviving, keeping, inquest,
        tally);
    attending = new Attending(config, tasks, crew, queues, out, posting, reviving, keeping, losing,
        inquest, settling, defects, tally);
    wanting = new Wanting(tasks, out, telling, releasing, failing, reviving, inquest);
    submitting = new Submitting(config, tasks, queues, crew, out, wanting, failing, keeping,
        settling, paces);
    placing = new Placing(queues, posting);
    stealing = new Stealing(config, tasks, crew, queues, out, posting);
    explaining = new Explaining(tasks, crew, settling);
    defining = new Defining(tasks);
    looking = new Looking(tasks, paces, mishaps, tally);
    watching = new Watching(tasks, crew, reviving, defects, tally);
    summing = new Summing(tasks, clients, crew, settling, paces, tally);
  }

  /// Takes in what happened, in order.
  ///
  /// @param nowNanos the time, on a clock that never goes back
  /// @return what to do about it, in order
  List<SchedulerCommand> handle(List<SchedulerEvent> events, long nowNanos) {
    tasks.itIs(nowNanos);
    settling.itIs(nowNanos);
    for (var event : events) {
      take(event);
      releasing.sweep();
    }
    placing.dispatch();
    stealing.balance();
    if (crew.takeChanged()) {
      out.add(new TellWorkers(crew.infos()));
    }
    return out.take();
  }

  private void take(SchedulerEvent event) {
    switch (event) {
      case ClientCame came -> clientCame(came);
      case ClientAway(var id) -> ofClient(id, this::clientAway);
      case ClientLeft(var id) -> ofClient(id, this::clientLeft);
      case Submitted s -> ofClient(s.client(), client -> submitting.submitted(client, s));
      case MapSubmitted s -> ofClient(s.client(), client -> submitting.mapSubmitted(client, s));
      case Scattered s -> {
        ofClient(s.client(), client -> submitting.scattered(client, s));
        putOnWorkersAway(s.values());
      }
      case Dropped d -> ofClient(d.client(), client -> wanting.dropped(client, d));
      case Withdrawn w -> ofClient(w.client(), client -> wanting.withdrawn(client, w));
      case Needed n -> ofClient(n.client(), client -> wanting.needed(client, n));
      case PlaceTold p -> ofClient(p.client(), client -> mishaps.placed(client, p));
      case AbortAsked a -> ofClient(a.client(), client -> wanting.abortAsked(client, a));
      case PublishAsked p ->
        asked(p.asker(), p.client(), client -> wanting.publishAsked(client, p));
      case UnpublishAsked asked -> wanting.unpublishAsked(asked);
      case AdoptAsked a -> asked(a.asker(), a.client(), client -> wanting.adoptAsked(client, a));
      case RetireAsked asked -> attending.retireAsked(asked);
      case WorkerCame came -> {
        attending.came(hearsay.completed(came));
        ending.retryParked(true);
      }
      case WorkerAway(var id) -> ofWorker(id, attending::away);
      case WorkerDied(var id, var left, var cause) -> {
        hearsay.forget(id);
        ofWorker(id, member -> {
          losing.died(member, left, cause);
          settling.died(member);
          ending.retryParked(true);
        });
      }
      case DeathExplained explained -> losing.explained(explained);
      case Ended ended -> ending.ended(ended);
      case Waits w -> ofWorker(w.worker(), member -> attending.waits(member, w));
      case Beat b -> ofWorker(b.worker(), member -> attending.beat(member, b));
      case Registered(var id, var entries) -> {
        if (!isHere(id)) {
          hearsay.registered(id, entries);
        }
        ofWorker(id, member -> settling.registered(member, entries));
      }
      case Unregistered(var id, var keys) -> {
        hearsay.unregistered(id, keys);
        ofWorker(id, member -> {
          losing.unregistered(member, keys);
          keys.forEach(key -> settling.unregistered(member, key));
        });
      }
      case ValuesMoved(var id, var keys, var to, var last) ->
        ofWorker(id, member -> losing.moved(member, keys, crew.find(to), last));
      case Tick() -> tick();
    }
  }

  /// What a client says that is not known, or has left, is too late to matter.
  private void ofClient(ClientId id, Consumer<Client> action) {
    var client = clients.present(id);
    if (client != null) {
      action.accept(client);
    }
  }

  private void asked(long asker, ClientId id, Consumer<Client> action) {
    var client = clients.present(id);
    if (client == null) {
      out.refuse(asker, Message.Reason.BAD_REQUEST,
          "the client " + id + " is not known here; it must greet first");
    } else {
      action.accept(client);
    }
  }

  /// What is said of a worker that is not known, is dead, or has another life, is too late to matter.
  private void ofWorker(WorkerId id, Consumer<Member> action) {
    var member = crew.find(id);
    if (member != null) {
      action.accept(member);
    }
  }

  /// What a worker says that it has may have been on its way since before the client put this there.
  private void putOnWorkersAway(Message.Scattered values) {
    for (var holder : values.holders()) {
      if (!isHere(holder)) {
        hearsay.registered(holder, List.of(new Entry(values.key(), values.sizeBytes())));
      }
    }
  }

  private boolean isHere(WorkerId id) {
    var member = crew.find(id);
    return member != null && !member.away;
  }

  // --- clients

  private void clientCame(ClientCame came) {
    var client = clients.come(came.client(), came.name());
    client.hereSinceNanos = tasks.nowNanos();
    client.recordsFailures = came.recordsFailures();
    if (came.returning()) {
      tally.clientsBack++;
      client.returned = true;
      settling.clientCame(came.workersKnown());
    }
    crew.tellAgain();
  }

  private void clientAway(Client client) {
    if (client.here) {
      client.here = false;
      client.awaySinceNanos = tasks.nowNanos();
    }
  }

  private void clientLeft(Client client) {
    wanting.left(client);
    releasing.sweep();
    clients.sweep();
  }

  // --- time goes by

  private void tick() {
    var patience = config.clientPatience().toNanos();
    for (var client : clients.all()) {
      if (!client.here && !client.left
          && tasks.nowNanos() - client.awaySinceNanos >= patience) {
        clientLeft(client);
      }
    }
    clients.sweep();
    settling.tick();
    losing.tick();
    ending.retryParked(false);
    watching.look();
    stealing.tick();
  }

  // --- looking in

  /// Who has these, as far as this scheduler knows; keys that nobody has are left out.
  Map<Key, List<Holder>> whoHas(Collection<Key> keys) {
    var known = new LinkedHashMap<Key, List<Holder>>();
    for (var key : keys) {
      var task = tasks.find(key);
      if (task != null && task.holder instanceof Member holder) {
        var holders = new ArrayList<Holder>(1 + task.moreHolders.length);
        holders.add(holder.holds(task));
        for (var other : task.moreHolders) {
          holders.add(other.holds(task));
        }
        known.put(key, holders);
      }
    }
    return known;
  }

  /// For those who look on.
  Looking looking() {
    return looking;
  }

  /// What the worker of this name has, as far as this scheduler knows, in no order.
  List<Entry> hasWhat(String worker) {
    var entries = new ArrayList<Entry>();
    if (crew.named(worker) instanceof Member member) {
      member.holdings.forEach(tasks::byId,
          task -> entries.add(new Entry(task.key(), task.sizeBytes)));
    }
    return entries;
  }

  /// Why a key is not done, or how it is, for people; it names what it waits for.
  String explain(Key key, long nowNanos) {
    return explaining.explain(key, nowNanos);
  }

  /// The transitions of a key that are still remembered, a line each, oldest first.
  Message.Response definition(Key key) {
    return defining.definition(key);
  }

  List<String> story(Key key) {
    return storyLines(key).stream().map(Story.Line::toString).toList();
  }

  /// As [#story], for those who know what time it was.
  List<Story.Line> storyLines(Key key) {
    return tasks.story(key);
  }

  /// The workers, the tasks that are not done with why they are not, and the others' states, for people.
  /// No value is in it, and no message of a failure.
  String tellStates(long nowNanos) {
    var text = new StringBuilder("tasks: " + tasks() + "\n");
    workers(nowNanos).forEach(worker -> text.append(worker).append('\n'));
    var told = 0;
    for (var task : tasks.all()) {
      if (told++ == TOLD_MAX) {
        text.append("… and others\n");
        break;
      }
      text.append(task.state == TaskState.ERRED
          ? "'" + task + "' has failed"
          : explain(task.key(), nowNanos).replace("\n", "\n    ")).append('\n');
    }
    return text.toString();
  }

  /// What happened to tasks lately, oldest first, for people.
  String tellStories() {
    return tasks.tellStories(TOLD_MAX);
  }

  /// The name of the state of a key's task, `unknown` if there is none.
  String stateOf(Key key) {
    var task = tasks.find(key);
    return task == null ? "unknown" : task.state.text();
  }

  /// What [Message.Status] tells of workers.
  List<Message.WorkerStatus> workers(long nowNanos) {
    return crew.all().stream().map(member -> explaining.status(member, nowNanos)).toList();
  }

  /// How many tasks are in each state, by its name.
  Map<String, Long> tasks() {
    return tasks.counts();
  }

  /// What should not have happened and was put right, since the last call; for the log.
  List<String> takeDefects() {
    return defects.take();
  }

  /// What has not moved for 30 s though it could, told once a standstill; empty for nothing.
  String takeStall() {
    return watching.takeStall();
  }

  /// For monitoring.
  SchedulerFigures figures() {
    return summing.figures();
  }

  /// The names under which something is published.
  List<String> published() {
    return List.copyOf(wanting.published().keySet());
  }

  /// Checks every invariant; costs as much as there is.
  ///
  /// @throws IllegalStateException naming what does not hold
  void check() {
    new SchedulerInvariants(tasks, clients, crew, queues, wanting).check();
  }
}
