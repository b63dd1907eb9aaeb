package dev.heddle.worker;

import dev.heddle.wire.ContentHash;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.WorkerCommand.Warn;
import dev.heddle.worker.WorkerEvent.AbortAsked;
import dev.heddle.worker.WorkerEvent.AskersGone;
import dev.heddle.worker.WorkerEvent.AttachAsked;
import dev.heddle.worker.WorkerEvent.BeatDue;
import dev.heddle.worker.WorkerEvent.CancelAsked;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.DeleteAsked;
import dev.heddle.worker.WorkerEvent.DrainAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import dev.heddle.worker.WorkerEvent.FetchEnded;
import dev.heddle.worker.WorkerEvent.GetAsked;
import dev.heddle.worker.WorkerEvent.HandOverFailed;
import dev.heddle.worker.WorkerEvent.HandedOver;
import dev.heddle.worker.WorkerEvent.LocateFailed;
import dev.heddle.worker.WorkerEvent.Located;
import dev.heddle.worker.WorkerEvent.PeersTold;
import dev.heddle.worker.WorkerEvent.PutAsked;
import dev.heddle.worker.WorkerEvent.RecallAsked;
import dev.heddle.worker.WorkerEvent.Registered;
import dev.heddle.worker.WorkerEvent.ReleaseAsked;
import dev.heddle.worker.WorkerEvent.Relieved;
import dev.heddle.worker.WorkerEvent.SlotTaken;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.StoreAway;
import dev.heddle.worker.WorkerEvent.StoreBack;
import dev.heddle.worker.WorkerEvent.SurveyFailed;
import dev.heddle.worker.WorkerEvent.Surveyed;
import dev.heddle.worker.WorkerEvent.Tick;
import dev.heddle.worker.WorkerEvent.ValueLost;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a worker decides: what to run, what to fetch from whom, what to tell whom.
///
/// A deterministic state machine: events and the time go in, commands come out. It does no I/O, has
/// no thread and no clock, and is entered by one process at a time. It also *is* the worker's
/// dictionary: a stored value lives in its key's [KeyState.Stored].
///
/// This is its door: what each request means to a key in each [KeyState]. What follows is decided in
/// seven rooms, each of one idea, and shared between them are the [Ledger] (what is known of each
/// key) and the [Outbox] (what is to be done).
///
/// ```
///             ┌──────────────────── WorkerState ────────────────────┐
///   events ──►│ Computing   tasks: from request to slot to value    │
///             │     │ needs a key          ▲ a key is here          │──► commands
///             │     ▼                      │ or cannot be had       │
///             │ Collecting  asks the store, then peer after peer    │
///             │     │ it has come                                   │
///             │     ▼                                               │
///             │ Keeping     the values; what the store knows        │
///             │     │ all of them                                   │
///             │     ▼                                               │
///             │ Departure   gives them away and leaves              │
///             │                                                     │
///             │ Memory      what all that takes: to disk with what  │
///             │             is not used, no more than there is room │
///             │                                                     │
///             │ Relief      what cannot go to disk goes to workers  │
///             │             that have room                          │
///             │                                                     │
///             │ Schedulers  whom this worker serves: told what is   │
///             │             here, what runs, and that it lives      │
///             └─────────────────────────────────────────────────────┘
/// ```
final class WorkerState {
  /// How many keys, and how many transitions, a dump has.
  private static final int TOLD_MAX = 5_000;

  private final WorkerConfig config;
  private final Ledger ledger = new Ledger();
  private final Tally tally = new Tally();
  private final Outbox out = new Outbox();
  private final Memory memory;
  private final Keeping keeping;
  private final Collecting collecting;
  private final Computing computing;
  private final Schedulers schedulers;
  private final Departure departure;
  private final Relief relief;
  /// Whether schedulers think that it takes no work, for want of memory.
  private boolean toldPaused;
  /// What schedulers think goes on though it was cancelled.
  private List<Key> toldKept = List.of();

  WorkerState(WorkerConfig config) {
    this.config = config;
    memory = new Memory(config.memory(), out);
    keeping = new Keeping(ledger, out, memory, this::cameHere, this::lost);
    collecting = new Collecting(config, ledger, out, keeping, memory, this::cannotBeHad);
    computing = new Computing(config, ledger, out, keeping, collecting, memory, tally);
    schedulers = new Schedulers(ledger, out, keeping, computing, memory, tally);
    departure = new Departure(config, keeping::value, out);
    relief = new Relief(config, ledger, out, schedulers, memory);
  }

  private void cameHere(Entry entry, Value value) {
    departure.stored(entry.key);
    computing.supply(entry, value);
  }

  private void lost(Key key) {
    schedulers.lost(key);
  }

  private void cannotBeHad(Entry entry, long batch) {
    computing.nowhere(entry, batch);
  }

  List<WorkerCommand> handle(WorkerEvent event, long nowNanos) {
    return handle(List.of(event), nowNanos);
  }

  /// Takes in what happened, in order. After a [WorkerCommand.Stop], nothing comes of anything.
  ///
  /// @param nowNanos the time, on a clock that never goes back
  /// @return what to do about it, in order
  List<WorkerCommand> handle(List<WorkerEvent> events, long nowNanos) {
    if (departure.stopped()) {
      return List.of();
    }
    ledger.nextBatch();
    for (var event : events) {
      ledger.because(event, nowNanos);
      take(event);
    }
    var _ = memory.goOn(nowNanos);
    do {
      computing.startReady();
    } while (memory.goOn(nowNanos)); // What was started brought its inputs along.
    collecting.askPeers(computing.runs(), computing.isBusyAMoment());
    tellRoom();
    relief.goOn(!departure.leaving());
    if (relief.takeNothingToGive() && computing.runs().active() == 0) {
      computing.giveBackForWantOfMemory();
    }
    if (departure.isOver(nowNanos)) {
      departure.cutShort(computing.turnAwayRunning());
    }
    out.tellStore();
    departure.goOn(computing.runsCount() == 0 && keeping.allAcknowledged(), nowNanos);
    return out.take();
  }

  private void take(WorkerEvent event) {
    switch (event) {
      case ComputeAsked asked -> computeAsked(asked);
      case GetAsked asked -> keeping.get(asked);
      case PutAsked asked -> putAsked(asked);
      case DeleteAsked asked -> deleteAsked(asked);
      case CancelAsked asked -> cancelAsked(asked);
      case AskersGone(var link) -> {
        schedulers.gone(link);
        forget(link);
      }
      case AttachAsked asked -> schedulers.attach(asked).ifPresent(this::forget);
      case RecallAsked(var link, var tasks) -> computing.recall(link, Set.copyOf(tasks));
      case AbortAsked(var link, var tasks) -> computing.abort(link, Set.copyOf(tasks));
      case ReleaseAsked asked -> releaseAsked(asked);
      case BeatDue(var vitals) -> schedulers.beat(vitals, paused());
      case SlotYielded yielded -> computing.yielded(yielded);
      case SlotTaken taken -> computing.taken(taken);
      case Located located -> collecting.located(located);
      case LocateFailed failed -> collecting.locateFailed(failed);
      case FetchEnded.Arrived arrived -> collecting.arrived(arrived);
      case FetchEnded.PeerBusy busy -> {
        tally.peersBusy++;
        collecting.peerBusy(busy);
      }
      case FetchEnded.PeerLost lost -> {
        tally.peersLost++;
        collecting.peerLost(lost);
      }
      case ExecutionEnded ended -> computing.ended(ended);
      case SpillEnded ended -> spillEnded(ended);
      case ValueLost(var key, var value, _) -> keeping.lost(key, value);
      case Registered(var keys) -> keys.forEach(keeping::registered);
      case StoreAway(var reason) -> keeping.storeAway(reason);
      case StoreBack() -> {
        tally.storeBack++;
        keeping.storeBack();
      }
      case DrainAsked(var deadlineNanos) -> drainAsked(deadlineNanos);
      case Surveyed surveyed -> departure.surveyed(surveyed);
      case SurveyFailed _ -> departure.surveyFailed();
      case HandedOver handed -> departure.handedOver(handed);
      case HandOverFailed failed -> departure.handOverFailed(failed);
      case PeersTold told -> relief.told(told);
      case Relieved relieved -> relief.relieved(relieved);
      case Tick() -> {
        collecting.tick();
        computing.tick();
      }
    }
  }

  private String paused() {
    return departure.leaving() ? "it is leaving" : memory.paused(computing.runs());
  }

  /// Schedulers are told at once that it takes no work or has fewer slots for it, and that it does and has again.
  private void tellRoom() {
    var isPaused = memory.isPaused(computing.runs());
    var kept = computing.kept();
    if (isPaused != toldPaused || !kept.equals(toldKept)) {
      toldPaused = isPaused;
      toldKept = kept;
      schedulers.beat(paused());
    }
    if (kept.size() >= config.threads()) {
      computing.giveBackForWantOfSlots();
    }
  }

  private void spillEnded(SpillEnded ended) {
    memory.spillEnded(ended, ledger.now()).ifPresent(trouble -> out.add(new Warn(
        MemoryUse.warning(trouble, ledger, memory.figures(computing.runs()), config.memory()))));
  }

  /// Nobody waits on this connection any more.
  private void forget(int link) {
    computing.askersGone(link);
    keeping.askersGone(link);
  }

  // --- what each request means to a key

  private void computeAsked(ComputeAsked asked) {
    var key = asked.key();
    var asker = asked.asker();
    if (asker.isScheduler() && !schedulers.serves(asker.link())) {
      return; // It has attached anew since.
    }
    var isKnownByTelling = asker.isScheduler() && schedulers.assigned(asker.link());
    if (departure.leaving() && !isHereOrRuns(key)) {
      out.end(asker, key, new TaskOutcome.GivenBack(Reason.DRAINING, "the worker " + config.self()
          + " is shutting down; ask another one to compute '" + key + "'", false));
      return;
    }
    switch (ledger.state(key)) {
      case null -> computing.begin(asked, isKnownByTelling);
      case Sought _ -> computing.begin(asked, isKnownByTelling);
      case Task state -> {
        if (isTheSame(asked, state.task().work.fingerprint())) {
          state.task().askers.add(asker);
        } else {
          refuseOtherWork(asked);
        }
      }
      case Stored stored -> {
        if (stored.madeBy().isEmpty() || isTheSame(asked, stored.madeBy())) {
          keeping.answer(asker, ledger.get(key), stored);
        } else {
          refuseOtherWork(asked);
        }
      }
    }
  }

  /// Whether a worker that leaves still has an answer for a key: then nobody else needs to compute it.
  private boolean isHereOrRuns(Key key) {
    return ledger.state(key) instanceof Stored || ledger.state(key) instanceof Running;
  }

  /// Whether what is asked for is what this key stands for here. Schedulers' keys stand for one
  /// computation each, so that nothing needs to be compared.
  private static boolean isTheSame(ComputeAsked asked, Optional<ContentHash> here) {
    return asked.asker().isScheduler() || asked.work().fingerprint().equals(here);
  }

  private void refuseOtherWork(ComputeAsked asked) {
    out.refuse(asked.asker(), Reason.BAD_REQUEST, "'" + asked.key()
        + "' is the key of another function or other inputs on this worker; use another key, or"
        + " delete it first");
  }

  private void putAsked(PutAsked asked) {
    if (departure.leaving()) {
      out.refuse(asked.asker(), Reason.DRAINING, "the worker " + config.self()
          + " is shutting down; put the values on another one");
      return;
    }
    var put = new PutInProgress(asked.asker());
    asked.values().forEach((key, value) -> {
      if (asked.ifRoom() && ledger.state(key) instanceof Stored stored) {
        keeping.isHere(put, ledger.get(key), stored); // So whoever is full may be rid of it.
      } else if (asked.ifRoom() && !memory.hasRoom(value.sizeBytes(), collecting.comingBytes())) {
        put.refused.put(key, "there is no room for '" + key + "' (" + value.sizeBytes()
            + " bytes) on the worker " + config.self());
      } else {
        putOne(put, key, value);
      }
    });
    keeping.endOfPut(put);
  }

  private void putOne(PutInProgress put, Key key, Value value) {
    switch (ledger.state(key)) {
      case null -> keeping.put(put, ledger.open(key), value);
      case Sought sought -> {
        var entry = ledger.get(key);
        collecting.stop(entry, sought);
        keeping.put(put, entry, value);
      }
      case Task _ -> put.refused.put(key,
          "'" + key + "' is being computed here; cancel it first, or use another key");
      case Stored stored -> put.refused.put(key,
          "'" + key + "' is stored here already (" + stored.value().sizeBytes()
              + " bytes), and values do not change: delete it first, or use another key");
    }
  }

  private void deleteAsked(DeleteAsked asked) {
    for (var key : asked.keys()) {
      switch (ledger.state(key)) {
        case null -> {
        }
        case Sought _ -> {
          // Tasks here need it: theirs to cancel.
        }
        case Task task -> computing.cancel(ledger.get(key), task);
        case Stored stored -> {
          keeping.drop(ledger.get(key), stored);
          schedulers.lost(key);
        }
      }
    }
    out.reply(asked.asker(), new Message.Done());
  }

  private void cancelAsked(CancelAsked asked) {
    for (var key : asked.keys()) {
      switch (ledger.state(key)) {
        case null -> {
        }
        case Sought _,Stored _ -> {
        }
        case Task task -> computing.cancel(ledger.get(key), task);
      }
    }
    out.reply(asked.asker(), new Message.Done());
  }

  private void releaseAsked(ReleaseAsked asked) {
    if (!schedulers.serves(asked.link())) {
      return;
    }
    for (var key : asked.keys()) {
      switch (ledger.state(key)) {
        case null -> {
        }
        case Sought _ -> {
          // Tasks here need it. Once none does, it is not sought any more.
        }
        case Task task -> computing.unneeded(asked.link(), ledger.get(key), task);
        case Stored stored -> keeping.drop(ledger.get(key), stored);
      }
    }
  }

  private void drainAsked(long deadlineNanos) {
    var stored = new LinkedHashSet<Key>();
    inventory().forEach(each -> stored.add(each.key()));
    if (departure.begin(deadlineNanos, stored)) {
      computing.turnAwayWaiting();
    }
  }

  // --- looking in

  /// What happened to a key lately, oldest first.
  List<Story.Line> story(Key key) {
    return ledger.story(key);
  }

  /// The states of keys and the figures, for people; no value is in it.
  String tellStates() {
    var text = new StringBuilder(figures() + "\n");
    ledger.entries().stream().limit(TOLD_MAX).forEach(entry -> text.append(entry.key).append("  ")
        .append(entry.state == null ? "unknown" : entry.state.getClass().getSimpleName())
        .append('\n'));
    return text.toString();
  }

  /// What happened to keys lately, oldest first, for people.
  String tellStories() {
    return ledger.tellStories(TOLD_MAX);
  }

  /// @return null where the key is unknown
  @Nullable
  KeyState state(Key key) {
    return ledger.state(key);
  }

  /// The values that are here now.
  List<Message.Entry> inventory() {
    return keeping.inventory();
  }

  /// All that is here, for the store that has lost its own list.
  List<Message.Entry> tellInventory() {
    return keeping.tellInventory();
  }

  /// Whether a value is here of which the store was not told, since the scheduler is the store and
  /// knows by being told.
  boolean isToldToSchedulerAlone(Key key) {
    return ledger.find(key) instanceof Entry entry && keeping.isToldToSchedulerAlone(entry);
  }

  /// Whether a value is here of which the scheduler was told, and the store is not known to know.
  boolean isKnownByTelling(Key key) {
    return ledger.find(key) instanceof Entry entry && entry.isKnownByTelling;
  }

  /// Figures for people.
  Figures figures() {
    return new Figures(keeping.storedCount(), keeping.storedBytes(), computing.unfinishedCount(),
        computing.runsCount(), collecting.requestsUnderWay(), collecting.parkedCount(),
        keeping.storeAwayReason(), departure.phase(computing.runsCount() == 0),
        memory.figures(computing.runs()));
  }

  /// @param tasks those that wait or run
  /// @param runs functions that are running, also those that were cancelled and have not ended
  /// @param parked keys whose holders are all busy
  record Figures(int stored, long storedBytes, int tasks, int runs, int fetches, int parked,
      Optional<String> storeAway, Departure.Phase phase, MemoryUse memory) {}

  /// For monitoring.
  ///
  /// @param ran how long functions ran
  /// @param fetched what came from peers
  /// @param filesBytes what files of values take
  /// @param sharedBytes what shared memory takes
  WorkerFigures figures(WorkerFigures.Ran ran, ActivityLog.Fetched fetched, long filesBytes,
      long sharedBytes) {
    var now = figures();
    var use = now.memory();
    return new WorkerFigures(Math.max(0, now.tasks() - now.runs()), now.runs(), config.threads(),
        now.stored(),
        new WorkerFigures.MemoryTaken(use.bytes(), use.limitBytes(), use.fileBytes(), use.files(),
            filesBytes, sharedBytes),
        ran, tally.queueTimes.figures(),
        new WorkerFigures.Transfers(fetched.durations(), fetched.values(), fetched.bytes(),
            tally.peersBusy, tally.peersLost),
        schedulers.served(), tally.schedulersBack, now.storeAway(), tally.storeBack, use.paused(),
        departure.leaving());
  }

  /// Checks what must hold between events; for tests and simulations.
  ///
  /// @throws IllegalStateException naming what does not hold
  void checkInvariants() {
    new WorkerInvariants(config, ledger, keeping, collecting, computing, memory, departure)
        .check();
  }
}
