package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.Reason;
import dev.heddle.worker.KeyState.Fetching;
import dev.heddle.worker.KeyState.Locating;
import dev.heddle.worker.KeyState.Parked;
import dev.heddle.worker.KeyState.Queued;
import dev.heddle.worker.KeyState.Ready;
import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.KeyState.Waiting;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerCommand.Locate;
import dev.heddle.worker.WorkerCommand.Register;
import dev.heddle.worker.WorkerCommand.Reply;
import dev.heddle.worker.WorkerCommand.Serve;
import dev.heddle.worker.WorkerCommand.Unregister;
import dev.heddle.worker.WorkerCommand.UnregisterStale;
import dev.heddle.worker.WorkerEvent.AskersGone;
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
import dev.heddle.worker.WorkerEvent.PutAsked;
import dev.heddle.worker.WorkerEvent.Registered;
import dev.heddle.worker.WorkerEvent.StoreAway;
import dev.heddle.worker.WorkerEvent.StoreBack;
import dev.heddle.worker.WorkerEvent.SurveyFailed;
import dev.heddle.worker.WorkerEvent.Surveyed;
import dev.heddle.worker.WorkerEvent.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a worker decides: what to run, what to fetch from whom, what to tell whom.
///
/// A deterministic state machine: events and the time go in, commands come out. It does no I/O, has
/// no thread and no clock, and is entered by one process at a time. It also *is* the worker's
/// dictionary: a stored value lives in its key's [KeyState.Stored].
///
/// What is asked of many keys at once ([Locate], [Register], [Unregister]) is gathered over a batch
/// of events and said once.
final class WorkerState {
  /// One execution of a key. A cancelled one may still be running while its key starts anew.
  private record Run(Key key, long attempt) {}

  /// A task that fails because `root` did.
  private record Failing(Entry entry, Key root, Failure failure) {}

  private final WorkerConfig config;
  private final Map<Key, Entry> entries = new LinkedHashMap<>();
  private final ArrayDeque<Computation> ready = new ArrayDeque<>();
  private final ArrayDeque<Computation> readyBlocking = new ArrayDeque<>();
  private final Map<Run, Work> runs = new LinkedHashMap<>();
  private final Gathering gathering;
  private final Departure departure;
  private final Story story = new Story();
  private final Set<Entry> unacknowledged = new LinkedHashSet<>();
  private final Set<Entry> parked = new LinkedHashSet<>();
  private int slotsUsed;
  private int tasks;
  private long attempts;
  private long storedBytes;
  private int storedCount;
  private @Nullable String storeAwayReason;

  // What the batch of events under way has come to.
  private List<WorkerCommand> commands = new ArrayList<>();
  private final Set<Key> toLocate = new LinkedHashSet<>();
  private final Map<Key, Message.Entry> toRegister = new LinkedHashMap<>();
  private final Set<Key> toUnregister = new LinkedHashSet<>();
  private long now;
  private WorkerEvent event = new Tick();

  WorkerState(WorkerConfig config) {
    this.config = config;
    this.gathering = new Gathering(config);
    this.departure = new Departure(config, this::stored, command -> commands.add(command));
  }

  List<WorkerCommand> handle(WorkerEvent event, long nowNanos) {
    return handle(List.of(event), nowNanos);
  }

  /// Takes in what happened, in order.
  ///
  /// @param nowNanos the time, on a clock that never goes back
  /// @return what to do about it, in order
  List<WorkerCommand> handle(List<WorkerEvent> events, long nowNanos) {
    now = nowNanos;
    for (var each : events) {
      event = each;
      take(each);
    }
    startReady();
    departure.goOn(runs.isEmpty());
    askPeers();
    tellStore();
    var result = commands;
    commands = new ArrayList<>();
    return result;
  }

  private void take(WorkerEvent each) {
    switch (each) {
      case ComputeAsked asked -> computeAsked(asked);
      case GetAsked asked -> getAsked(asked);
      case PutAsked asked -> putAsked(asked);
      case DeleteAsked asked -> deleteAsked(asked);
      case CancelAsked asked -> cancelAsked(asked);
      case AskersGone gone -> askersGone(gone.link());
      case Located located -> located(located);
      case LocateFailed failed -> locateFailed(failed);
      case FetchEnded.Arrived arrived -> arrived(arrived);
      case FetchEnded.PeerBusy busy -> peerBusy(busy);
      case FetchEnded.PeerLost lost -> peerLost(lost);
      case ExecutionEnded ended -> executionEnded(ended);
      case Registered registered -> registered.keys().forEach(this::registered);
      case StoreAway away -> storeAway(away.reason());
      case StoreBack() -> storeAwayReason = null;
      case DrainAsked asked -> drainAsked(asked);
      case Surveyed surveyed -> departure.surveyed(surveyed);
      case SurveyFailed _ -> departure.surveyFailed();
      case HandedOver handed -> departure.handedOver(handed);
      case HandOverFailed failed -> departure.handOverFailed(failed);
      case Tick() -> tick();
    }
  }

  // --- computing

  private void computeAsked(ComputeAsked asked) {
    var key = asked.key();
    if (departure.leaving()) {
      refuse(asked.asker(), Reason.DRAINING, "the worker " + config.self()
          + " is shutting down; ask another one to compute '" + key + "'");
      return;
    }
    var entry = entries.get(key);
    switch (entry == null ? null : entry.state) {
      case null -> {
        if (mayBegin(asked)) {
          begin(asked, newEntry(key));
        }
      }
      case Sought sought -> {
        if (mayBegin(asked)) {
          stopSeeking(entryOf(key), sought);
          begin(asked, entryOf(key));
        }
      }
      case Task state -> {
        var task = state.task();
        if (task.work.fingerprint().equals(asked.work().fingerprint())) {
          task.askers.add(asked.asker());
        } else {
          refuse(asked.asker(), Reason.BAD_REQUEST, otherWork(key));
        }
      }
      case Stored stored -> {
        if (stored.madeBy().isPresent()
            && !stored.madeBy().get().equals(asked.work().fingerprint())) {
          refuse(asked.asker(), Reason.BAD_REQUEST, otherWork(key));
        } else if (stored.registered() || storeAwayReason != null) {
          reply(asked.asker(), finished(key, stored));
        } else {
          entryOf(key).askers.add(asked.asker());
        }
      }
    }
  }

  private static String otherWork(Key key) {
    return "'" + key
        + "' is the key of another function or other inputs on this worker; use another"
        + " key, or delete it first";
  }

  private boolean mayBegin(ComputeAsked asked) {
    var key = asked.key();
    if (needsItself(asked)) {
      refuse(asked.asker(), Reason.BAD_REQUEST,
          "'" + key + "' would wait for itself: its inputs need it");
      return false;
    }
    if (tasks >= config.tasksMax()) {
      refuse(asked.asker(), Reason.BUSY, "the worker " + config.self() + " has " + tasks
          + " tasks, as many as it takes; ask again later, or another worker");
      return false;
    }
    return true;
  }

  private void begin(ComputeAsked asked, Entry entry) {
    tasks++;
    var task = new Computation(asked.key(), asked.work(), asked.asker());
    for (var input : asked.work().inputs()) {
      need(task, input, asked.holders().getOrDefault(input, List.of()));
    }
    if (task.missing.isEmpty()) {
      makeReady(entry, task);
    } else {
      to(entry, new Waiting(task));
    }
  }

  private void need(Computation task, Key input, List<Holder> hint) {
    var entry = entries.get(input);
    if (entry != null && entry.state instanceof Stored stored) {
      task.inputs.put(input, stored.value());
      return;
    }
    task.missing.add(input);
    if (entry == null) {
      entry = newEntry(input);
      seek(entry, hint, 0);
    }
    entry.dependents.add(task);
  }

  /// Whether a task here that waits for `asked` is itself among what `asked` needs.
  private boolean needsItself(ComputeAsked asked) {
    var seen = new HashSet<Key>();
    var toLook = new ArrayDeque<>(asked.work().inputs());
    while (!toLook.isEmpty()) {
      var key = toLook.pop();
      if (key.equals(asked.key())) {
        return true;
      }
      if (seen.add(key) && entries.get(key) instanceof Entry entry
          && entry.state instanceof Waiting(var task)) {
        toLook.addAll(task.missing);
      }
    }
    return false;
  }

  private void makeReady(Entry entry, Computation task) {
    to(entry, new Ready(task));
    (task.work.blocking() ? readyBlocking : ready).add(task);
  }

  private void startReady() {
    while (slotsUsed < config.threads() && !ready.isEmpty()) {
      start(ready.poll());
    }
    while (runs.size() - slotsUsed < config.blockingMax() && !readyBlocking.isEmpty()) {
      start(readyBlocking.poll());
    }
  }

  private void start(Computation task) {
    var entry = entries.get(task.key);
    if (entry == null || !(entry.state instanceof Ready(var current)) || current != task) {
      return; // It was cancelled while it stood in line.
    }
    var attempt = ++attempts;
    to(entry, new Running(task, attempt));
    runs.put(new Run(task.key, attempt), task.work);
    if (!task.work.blocking()) {
      slotsUsed++;
    }
    commands
        .add(new Execute(task.key, attempt, task.work, Collections.unmodifiableMap(task.inputs)));
  }

  private void executionEnded(ExecutionEnded ended) {
    var work = runs.remove(new Run(ended.key(), ended.attempt()));
    if (work == null) {
      throw new IllegalStateException("execution " + ended.attempt() + " of '" + ended.key()
          + "' ended, but it was not running");
    }
    if (!work.blocking()) {
      slotsUsed--;
    }
    var entry = entries.get(ended.key());
    if (entry == null || !(entry.state instanceof Running(var task, var attempt))
        || attempt != ended.attempt()) {
      return; // It was cancelled while it ran.
    }
    tasks--;
    switch (ended) {
      case ExecutionEnded.Succeeded(var key, _, var value, var runNanos) -> {
        entry.askers.addAll(task.askers);
        store(entry, value, Optional.of(work.fingerprint()), runNanos);
      }
      case ExecutionEnded.Raised(_, _, var failure) -> {
        task.askers.forEach(asker -> reply(asker, new Message.Failed(entry.key, failure)));
        failDependents(entry, failure);
      }
    }
  }

  /// Forgets a task that failed, and fails everything here that waits for it, however far along
  /// the chain.
  private void failDependents(Entry failed, Failure why) {
    var failing = new ArrayDeque<Failing>();
    failing.add(new Failing(failed, failed.key, why));
    while (!failing.isEmpty()) {
      var each = failing.pop();
      for (var task : forget(each.entry)) {
        failWith(task,
            TaskFailures.inputFailed(task.key, each.entry.key, each.root, each.failure));
        failing.add(new Failing(entryOf(task.key), each.root, each.failure));
      }
    }
  }

  /// Forgets a key that could not be had, and fails what waits for it.
  private void failMissing(Entry sought) {
    for (var task : forget(sought)) {
      var failure = TaskFailures.missingInput(task.key, sought.key, sought.troubles);
      failWith(task, failure);
      failDependents(entryOf(task.key), failure);
    }
  }

  /// @return the tasks here that waited for it
  private List<Computation> forget(Entry entry) {
    var dependents = List.copyOf(entry.dependents);
    entry.dependents.clear();
    drop(entry);
    // One that needs two failing inputs fails for the first of them only.
    return dependents.stream()
        .filter(task -> entries.get(task.key) instanceof Entry waiting
            && waiting.state instanceof Waiting(var current) && current == task)
        .toList();
  }

  private void failWith(Computation task, Failure failure) {
    giveUp(task, new Message.Failed(task.key, failure));
  }

  /// Ends a task that has not begun to run: tells who asked, and stops seeking inputs that only it
  /// needs. Its entry stays for the caller to drop.
  private void giveUp(Computation task, Message.Response answer) {
    tasks--;
    task.askers.forEach(asker -> reply(asker, answer));
    for (var input : task.missing) {
      var entry = entries.get(input);
      if (entry != null && entry.dependents.remove(task) && entry.dependents.isEmpty()
          && entry.state instanceof Sought sought) {
        stopSeeking(entry, sought);
        drop(entry);
      }
    }
  }

  private void cancelAsked(CancelAsked asked) {
    for (var key : asked.keys()) {
      var entry = entries.get(key);
      switch (entry == null ? null : entry.state) {
        case null -> {
        }
        case Sought _,Stored _ -> {
        }
        case Task task -> cancel(entryOf(key), task);
      }
    }
    reply(asked.asker(), new Message.Done());
  }

  private void cancel(Entry entry, Task state) {
    var answer = new Message.Cancelled(entry.key);
    switch (state) {
      case Waiting(var task) -> giveUp(task, answer);
      case Ready(var task) -> giveUp(task, answer);
      case Running(var task, var attempt) -> {
        giveUp(task, answer);
        commands.add(new Interrupt(entry.key, attempt));
      }
    }
    failDependents(entry, TaskFailures.inputCancelled(entry.key));
  }

  // --- keeping

  private void store(Entry entry, Value value,
      Optional<dev.heddle.wire.ContentHash> madeBy, long runNanos) {
    storedBytes += value.sizeBytes();
    storedCount++;
    to(entry, new Stored(value, madeBy, runNanos, false));
    entry.troubles.clear();
    toUnregister.remove(entry.key);
    toRegister.put(entry.key, new Message.Entry(entry.key, value.sizeBytes()));
    unacknowledged.add(entry);
    if (storeAwayReason != null) {
      acknowledge(entry);
    }
    var dependents = List.copyOf(entry.dependents);
    entry.dependents.clear();
    for (var task : dependents) {
      task.missing.remove(entry.key);
      task.inputs.put(entry.key, value);
      if (task.missing.isEmpty()) {
        makeReady(entryOf(task.key), task);
      }
    }
  }

  private void registered(Key key) {
    var entry = entries.get(key);
    if (entry != null && entry.state instanceof Stored(var value, var madeBy, var run, _)) {
      entry.state = new Stored(value, madeBy, run, true);
      acknowledge(entry);
    }
  }

  /// Tells all who wait for the store to know of a value.
  private void acknowledge(Entry entry) {
    unacknowledged.remove(entry);
    if (entry.state instanceof Stored stored) {
      entry.askers.forEach(asker -> reply(asker, finished(entry.key, stored)));
    }
    entry.askers.clear();
    for (var put : entry.puts) {
      if (--put.unregistered == 0) {
        reply(put.asker, new Message.Stored(put.sizesBytes, put.refused));
      }
    }
    entry.puts.clear();
  }

  private void storeAway(String reason) {
    storeAwayReason = reason;
    List.copyOf(unacknowledged).forEach(this::acknowledge);
  }

  private void getAsked(GetAsked asked) {
    var found = new LinkedHashMap<Key, Value>();
    var others = new LinkedHashMap<Key, Datum>();
    var bytes = 0L;
    for (var key : asked.keys()) {
      var entry = entries.get(key);
      if (entry == null || !(entry.state instanceof Stored stored)) {
        others.put(key, new Datum.Missing());
      } else if (!found.isEmpty() && bytes + stored.value().sizeBytes() > asked.bytesMax()) {
        others.put(key, new Datum.Later());
      } else {
        found.put(key, stored.value());
        bytes += stored.value().sizeBytes();
      }
    }
    commands.add(new Serve(asked.asker(), found, others));
  }

  private void putAsked(PutAsked asked) {
    if (departure.leaving()) {
      refuse(asked.asker(), Reason.DRAINING,
          "the worker " + config.self() + " is shutting down; put the values on another one");
      return;
    }
    var put = new PutInProgress(asked.asker());
    put.unregistered = 1; // Kept above zero until all values of the request were looked at.
    asked.values().forEach((key, value) -> putOne(put, key, value));
    if (--put.unregistered == 0) {
      reply(put.asker, new Message.Stored(put.sizesBytes, put.refused));
    }
  }

  private void putOne(PutInProgress put, Key key, Value value) {
    var entry = entries.get(key);
    switch (entry == null ? null : entry.state) {
      case null -> keepPut(put, newEntry(key), value);
      case Sought sought -> {
        stopSeeking(entryOf(key), sought);
        keepPut(put, entryOf(key), value);
      }
      case Task _ -> put.refused.put(key,
          "'" + key + "' is being computed here; cancel it first, or use another key");
      case Stored stored -> put.refused.put(key,
          "'" + key + "' is stored here already (" + stored.value().sizeBytes()
              + " bytes), and values do not change: delete it first, or use another key");
    }
  }

  private void keepPut(PutInProgress put, Entry entry, Value value) {
    put.sizesBytes.put(entry.key, value.sizeBytes());
    put.unregistered++;
    entry.puts.add(put);
    store(entry, value, Optional.empty(), 0);
  }

  private void deleteAsked(DeleteAsked asked) {
    for (var key : asked.keys()) {
      var entry = entries.get(key);
      switch (entry == null ? null : entry.state) {
        case null -> {
        }
        case Sought _ -> {
        }
        case Task task -> cancel(entryOf(key), task);
        case Stored _ -> drop(entryOf(key));
      }
    }
    reply(asked.asker(), new Message.Done());
  }

  private void askersGone(int link) {
    for (var entry : entries.values()) {
      entry.askers.removeIf(asker -> asker.link() == link);
      if (entry.state instanceof Task task) {
        task.task().askers.removeIf(asker -> asker.link() == link);
      }
    }
  }

  // --- collecting

  /// Fetches a key from the best of `holders`, or asks the store if there is none.
  private void seek(Entry entry, List<Holder> holders, int rounds) {
    var candidates = gathering.bestFirst(holders);
    if (candidates.isEmpty()) {
      to(entry, new Locating(rounds));
      toLocate.add(entry.key);
    } else {
      queue(entry, candidates, rounds);
    }
  }

  private void queue(Entry entry, List<Holder> candidates, int rounds) {
    var from = candidates.getFirst();
    to(entry, new Queued(from, List.copyOf(candidates.subList(1, candidates.size())), rounds));
    gathering.want(entry.key, from);
  }

  private void stopSeeking(Entry entry, Sought sought) {
    switch (sought) {
      case Locating _ -> toLocate.remove(entry.key);
      case Queued(var from, _, _) -> gathering.unwant(entry.key, from);
      case Parked _ -> parked.remove(entry);
      case Fetching _ -> {
        // It will arrive all the same, and find that nobody wants it.
      }
    }
  }

  private void located(Located located) {
    for (var key : located.keys()) {
      if (entries.get(key) instanceof Entry entry && entry.state instanceof Locating(var rounds)) {
        var candidates = gathering.bestFirst(located.holders().getOrDefault(key, List.of()));
        if (candidates.isEmpty()) {
          entry.trouble("no worker has it");
          failMissing(entry);
        } else {
          queue(entry, candidates, rounds);
        }
      }
    }
  }

  private void locateFailed(LocateFailed failed) {
    for (var key : failed.keys()) {
      if (entries.get(key) instanceof Entry entry && entry.state instanceof Locating) {
        entry.trouble("cannot find out who has it: " + failed.reason());
        failMissing(entry);
      }
    }
  }

  private void arrived(FetchEnded.Arrived arrived) {
    for (var key : gathering.ended(arrived.peer())) {
      if (!(entries.get(key) instanceof Entry entry)
          || !(entry.state instanceof Fetching(var from, var rest, var rounds))
          || !from.address().equals(arrived.peer())) {
        continue; // Nobody wants it any more, or it came from elsewhere.
      }
      if (arrived.values().get(key) instanceof Value value) {
        store(entry, value, Optional.empty(), 0);
      } else if (arrived.unsendable().get(key) instanceof Failure failure) {
        entry.trouble("the worker " + from.worker() + " cannot send it: " + failure);
        nextReplica(entry, rest, config.roundsMax()); // Asking it again would not help.
      } else if (arrived.later().contains(key)) {
        to(entry, new Queued(from, rest, rounds));
        gathering.want(key, from);
      } else {
        entry.trouble("the worker " + from.worker() + " no longer has it");
        commands.add(new UnregisterStale(from.worker(), List.of(key)));
        nextReplica(entry, rest, rounds);
      }
    }
  }

  private void peerLost(FetchEnded.PeerLost lost) {
    var keys = new LinkedHashSet<>(gathering.ended(lost.peer()));
    keys.addAll(gathering.giveUpOn(lost.peer()));
    for (var key : keys) {
      if (entries.get(key) instanceof Entry entry && entry.state instanceof Sought sought) {
        switch (sought) {
          case Fetching(var from, var rest, var rounds) when from.address().equals(lost.peer()) ->
            lostReplica(entry, from, rest, rounds, lost.reason());
          case Queued(var from, var rest, var rounds) when from.address().equals(lost.peer()) ->
            lostReplica(entry, from, rest, rounds, lost.reason());
          case Fetching _,Queued _,Locating _,Parked _ -> {
          }
        }
      }
    }
  }

  private void lostReplica(Entry entry, Holder from, List<Holder> rest, int rounds,
      String reason) {
    entry.trouble("the worker " + from.worker() + " that has it cannot be reached: " + reason);
    nextReplica(entry, rest, rounds);
  }

  private void nextReplica(Entry entry, List<Holder> rest, int rounds) {
    if (!rest.isEmpty()) {
      queue(entry, rest, rounds);
    } else if (rounds + 1 < config.roundsMax()) {
      seek(entry, List.of(), rounds + 1);
    } else {
      failMissing(entry);
    }
  }

  private void peerBusy(FetchEnded.PeerBusy busy) {
    for (var key : gathering.ended(busy.peer())) {
      if (entries.get(key) instanceof Entry entry
          && entry.state instanceof Fetching(var from, var rest, var rounds)
          && from.address().equals(busy.peer())) {
        if (rest.isEmpty()) {
          to(entry, new Parked(List.of(from), rounds, now + config.busyPauseNanos()));
          parked.add(entry);
        } else {
          var candidates = new ArrayList<>(rest);
          candidates.add(from);
          queue(entry, candidates, rounds);
        }
      }
    }
  }

  private void askPeers() {
    for (var batch : gathering.nextBatches()) {
      for (var key : batch.keys()) {
        if (entryOf(key).state instanceof Queued(var from, var rest, var rounds)) {
          to(entryOf(key), new Fetching(from, rest, rounds));
        } else {
          throw impossible(entryOf(key));
        }
      }
      commands.add(new Fetch(batch.worker(), batch.peer(), batch.keys()));
    }
  }

  private void tick() {
    for (var entry : List.copyOf(parked)) {
      if (entry.state instanceof Parked(var holders, var rounds, var until) && until <= now) {
        parked.remove(entry);
        queue(entry, holders, rounds);
      }
    }
    if (departure.isOver(now)) {
      interruptRunning();
      departure.stopNow();
    }
  }

  // --- leaving

  private void drainAsked(DrainAsked asked) {
    if (departure.begin(asked.deadlineNanos())) {
      for (var entry : List.copyOf(entries.values())) {
        switch (entry.state) {
          case null -> {
          }
          case Waiting(var task) -> turnAway(entry, task);
          case Ready(var task) -> turnAway(entry, task);
          case Running _,Stored _,Sought _ -> {
          }
        }
      }
    }
  }

  private void turnAway(Entry entry, Computation task) {
    giveUp(task, new Message.Refused(Reason.DRAINING, "the worker " + config.self()
        + " shuts down before '" + entry.key + "' is done; ask another one to compute it"));
    drop(entry);
  }

  private void interruptRunning() {
    for (var entry : List.copyOf(entries.values())) {
      if (entry.state instanceof Running(var task, var attempt)) {
        commands.add(new Interrupt(entry.key, attempt));
        turnAway(entry, task);
      }
    }
  }

  // --- the common part

  private Map<Key, Value> stored() {
    var values = new LinkedHashMap<Key, Value>();
    for (var entry : entries.values()) {
      if (entry.state instanceof Stored stored) {
        values.put(entry.key, stored.value());
      }
    }
    return values;
  }

  private Entry newEntry(Key key) {
    var entry = new Entry(key);
    entries.put(key, entry);
    return entry;
  }

  private Entry entryOf(Key key) {
    var entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("'" + key + "' is not known here");
    }
    return entry;
  }

  private void to(Entry entry, KeyState next) {
    story.add(now, entry.key, entry.state, next, event);
    entry.state = next;
  }

  private void drop(Entry entry) {
    if (entry.state instanceof Stored stored) {
      storedBytes -= stored.value().sizeBytes();
      storedCount--;
      toRegister.remove(entry.key);
      toUnregister.add(entry.key);
      acknowledge(entry);
    }
    story.add(now, entry.key, entry.state, null, event);
    entry.state = null;
    entries.remove(entry.key, entry);
  }

  private void tellStore() {
    if (!toLocate.isEmpty()) {
      commands.add(new Locate(List.copyOf(toLocate)));
      toLocate.clear();
    }
    if (!toUnregister.isEmpty()) {
      commands.add(new Unregister(List.copyOf(toUnregister)));
      toUnregister.clear();
    }
    if (!toRegister.isEmpty()) {
      commands.add(new Register(List.copyOf(toRegister.values())));
      toRegister.clear();
    }
  }

  private void reply(Asker asker, Message.Response response) {
    commands.add(new Reply(asker, response));
  }

  private void refuse(Asker asker, Reason reason, String message) {
    reply(asker, new Message.Refused(reason, message));
  }

  private static Message.Finished finished(Key key, Stored stored) {
    return new Message.Finished(key, stored.value().type(), stored.value().sizeBytes(),
        stored.runNanos());
  }

  private ImpossibleEventException impossible(Entry entry) {
    if (entry.state == null) {
      throw new IllegalStateException("'" + entry.key + "' has no state");
    }
    return new ImpossibleEventException(entry.key, entry.state, event, story.of(entry.key));
  }

  // --- looking in

  List<Story.Line> story(Key key) {
    return story.of(key);
  }

  @Nullable
  KeyState state(Key key) {
    var entry = entries.get(key);
    return entry == null ? null : entry.state;
  }

  /// The values that are here now: what the store is told when it has lost its own list.
  List<Message.Entry> inventory() {
    var inventory = new ArrayList<Message.Entry>();
    stored().forEach((key, value) -> inventory.add(new Message.Entry(key, value.sizeBytes())));
    return inventory;
  }

  /// Figures for people.
  Figures figures() {
    return new Figures(storedCount, storedBytes, tasks, runs.size(), gathering.requestsUnderWay(),
        Optional.ofNullable(storeAwayReason), departure.phase());
  }

  /// @param tasks those that wait or run
  /// @param runs functions that are running, also those that were cancelled and have not ended
  record Figures(int stored, long storedBytes, int tasks, int runs, int fetches,
      Optional<String> storeAway, Departure.Phase phase) {}

  /// Checks what must hold between events; for tests and simulations.
  ///
  /// @throws IllegalStateException naming what does not hold
  void checkInvariants() {
    new WorkerInvariants(config, entries, runs.size(), slotsUsed, tasks, storedBytes, storedCount,
        gathering, departure).check();
  }
}
