package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.worker.KeyState.Ready;
import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.KeyState.Waiting;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// The tasks: gets their inputs together, runs them as slots become free, and fails those whose
/// inputs fail. A room of [WorkerState].
final class Computing {
  /// One execution of a key. A cancelled one may still be running while its key starts anew.
  private record Run(Key key, long attempt) {}

  /// A task that has ended without a value, because `root` failed.
  private record Failed(Entry entry, Key root, Failure failure) {}

  private final WorkerConfig config;
  private final Ledger ledger;
  private final Outbox out;
  private final Keeping keeping;
  private final Collecting collecting;
  private final SequencedSet<Computation> unfinished = new LinkedHashSet<>();
  private final SequencedSet<Computation> ready = new LinkedHashSet<>();
  private final SequencedSet<Computation> readyBlocking = new LinkedHashSet<>();
  private final Map<Run, Work> runs = new LinkedHashMap<>();
  private int slotsUsed;
  private long attempts;

  Computing(WorkerConfig config, Ledger ledger, Outbox out, Keeping keeping,
      Collecting collecting) {
    this.config = config;
    this.ledger = ledger;
    this.out = out;
    this.keeping = keeping;
    this.collecting = collecting;
  }

  // --- from request to slot

  /// Takes on a task whose key is unknown, or sought for tasks that need it.
  void begin(ComputeAsked asked) {
    if (needsItself(asked)) {
      out.refuse(asked.asker(), Reason.BAD_REQUEST,
          "'" + asked.key() + "' would wait for itself: its inputs need it");
      return;
    }
    if (unfinished.size() >= config.tasksMax()) {
      out.refuse(asked.asker(), Reason.BUSY, "the worker " + config.self() + " has "
          + unfinished.size()
          + " tasks, as many as it takes; ask again later, or another worker");
      return;
    }
    var known = ledger.find(asked.key());
    if (known != null && known.state instanceof Sought sought) {
      collecting.stop(known, sought);
    }
    var entry = known == null ? ledger.open(asked.key()) : known;
    var task = new Computation(asked.key(), asked.work(), asked.asker(),
        ledger.batch());
    unfinished.add(task);
    for (var input : asked.work().inputs()) {
      need(task, input, asked.holders().getOrDefault(input, List.of()));
    }
    if (task.missing.isEmpty()) {
      makeReady(entry, task);
    } else {
      ledger.to(entry, new Waiting(task));
    }
  }

  /// Whether a task here that waits for the key asked for is among what it needs. Only a key that is
  /// waited for can close such a circle, so that a chain of any length is taken on in order at no
  /// cost.
  private boolean needsItself(ComputeAsked asked) {
    if (asked.work().inputs().contains(asked.key())) {
      return true;
    }
    if (!(ledger.find(asked.key()) instanceof Entry entry) || entry.dependents.isEmpty()) {
      return false;
    }
    var seen = new HashSet<Key>();
    var toLook = new ArrayDeque<>(asked.work().inputs());
    while (!toLook.isEmpty()) {
      var key = toLook.pop();
      if (key.equals(asked.key())) {
        return true;
      }
      if (seen.add(key) && ledger.state(key) instanceof Waiting(var task)) {
        toLook.addAll(task.missing);
      }
    }
    return false;
  }

  private void need(Computation task, Key input, List<Holder> hint) {
    if (keeping.value(input) instanceof Value value) {
      task.inputs.put(input, value);
      return;
    }
    task.missing.add(input);
    var known = ledger.find(input);
    var entry = known == null ? ledger.open(input) : known;
    entry.dependents.add(task);
    if (known == null) {
      collecting.seek(entry, hint);
    }
  }

  /// A value is here now: gives it to the tasks that wait for it.
  void supply(Entry stored, Value value) {
    for (var task : dependentsOf(stored)) {
      task.missing.remove(stored.key);
      task.inputs.put(stored.key, value);
      if (task.missing.isEmpty()) {
        makeReady(ledger.get(task.key), task);
      }
    }
  }

  private void makeReady(Entry entry, Computation task) {
    ledger.to(entry, new Ready(task));
    (task.work.blocking() ? readyBlocking : ready).add(task);
  }

  /// Starts what can be started, first come, first served.
  void startReady() {
    while (slotsUsed < config.threads() && !ready.isEmpty()) {
      slotsUsed++;
      start(ready.removeFirst());
    }
    while (runs.size() - slotsUsed < config.blockingMax() && !readyBlocking.isEmpty()) {
      start(readyBlocking.removeFirst());
    }
  }

  private void start(Computation task) {
    var attempt = ++attempts;
    ledger.to(ledger.get(task.key), new Running(task, attempt));
    runs.put(new Run(task.key, attempt), task.work);
    out.add(
        new Execute(task.key, attempt, task.work, Collections.unmodifiableMap(task.inputs)));
  }

  // --- from slot to value

  void ended(ExecutionEnded ended) {
    var work = runs.remove(new Run(ended.key(), ended.attempt()));
    if (work == null) {
      throw new IllegalStateException("execution " + ended.attempt() + " of '" + ended.key()
          + "' ended, but it was not running; the key's story: " + ledger.story(ended.key()));
    }
    if (!work.blocking()) {
      slotsUsed--;
    }
    if (!(ledger.find(ended.key()) instanceof Entry entry)
        || !(entry.state instanceof Running(var task, var attempt))
        || attempt != ended.attempt()) {
      return; // It was cancelled while it ran.
    }
    switch (ended) {
      case ExecutionEnded.Succeeded(_, _, var value, var runNanos) -> {
        unfinished.remove(task);
        entry.askers.addAll(task.askers);
        keeping.store(entry, value, Optional.of(work.fingerprint()), runNanos);
      }
      case ExecutionEnded.Raised(_, _, var failure) -> {
        release(task, new Message.Failed(task.key, failure));
        failDependents(new Failed(entry, task.key, failure));
      }
    }
  }

  // --- ends without a value

  /// Nobody could be found who has a key: fails what waits for it since that batch or an earlier one.
  /// If nothing is left that waits, the key is forgotten.
  void nowhere(Entry sought, long batch) {
    var tasks = sought.dependents.stream().filter(task -> task.begunInBatch <= batch).toList();
    tasks.forEach(sought.dependents::remove);
    if (sought.dependents.isEmpty()) {
      ledger.close(sought);
    }
    for (var task : tasks) {
      if (isWaiting(task)) {
        var failure = TaskFailures.missingInput(task.key, sought.key, sought.troubles);
        release(task, new Message.Failed(task.key, failure));
        failDependents(new Failed(ledger.get(task.key), task.key, failure));
      }
    }
  }

  /// Forgets a task that failed, and fails everything here that waits for it, however far along the
  /// chain.
  private void failDependents(Failed first) {
    var failed = new ArrayDeque<Failed>();
    failed.add(first);
    while (!failed.isEmpty()) {
      var each = failed.remove();
      var tasks = dependentsOf(each.entry);
      ledger.close(each.entry);
      for (var task : tasks) {
        release(task, new Message.Failed(task.key,
            TaskFailures.inputFailed(task.key, each.entry.key, each.root, each.failure)));
        failed.add(new Failed(ledger.get(task.key), each.root, each.failure));
      }
    }
  }

  /// Stops computing a key, and fails what waits for it.
  void cancel(Entry entry, Task state) {
    if (state instanceof Running(_, var attempt)) {
      out.add(new Interrupt(entry.key, attempt));
    }
    release(state.task(), new Message.Cancelled(entry.key));
    failDependents(
        new Failed(entry, entry.key, TaskFailures.inputCancelled(entry.key)));
  }

  /// Gives up what has not begun, since the worker leaves; whoever asked may ask another.
  void turnAwayWaiting() {
    for (var task : List.copyOf(unfinished)) {
      if (!(ledger.state(task.key) instanceof Running)) {
        turnAway(task);
      }
    }
  }

  /// Gives up what runs, since the worker ends now.
  void turnAwayRunning() {
    for (var task : List.copyOf(unfinished)) {
      if (ledger.state(task.key) instanceof Running(_, var attempt)) {
        out.add(new Interrupt(task.key, attempt));
        turnAway(task);
      }
    }
  }

  private void turnAway(Computation task) {
    release(task, new Message.Refused(Reason.DRAINING, "the worker " + config.self()
        + " shuts down before '" + task.key + "' is done; ask another one to compute it"));
    ledger.close(ledger.get(task.key));
  }

  /// Ends a task: tells who asked, and stops seeking inputs that only it needs. What becomes of its
  /// entry is the caller's to say.
  private void release(Computation task, Message.Response answer) {
    unfinished.remove(task);
    ready.remove(task);
    readyBlocking.remove(task);
    task.askers.forEach(asker -> out.reply(asker, answer));
    for (var input : task.missing) {
      if (ledger.find(input) instanceof Entry entry && entry.dependents.remove(task)
          && entry.dependents.isEmpty() && entry.state instanceof Sought sought) {
        collecting.stop(entry, sought);
        ledger.close(entry);
      }
    }
  }

  /// Takes the tasks that wait for a key from its entry.
  private static List<Computation> dependentsOf(Entry entry) {
    var tasks = List.copyOf(entry.dependents);
    entry.dependents.clear();
    return tasks;
  }

  private boolean isWaiting(Computation task) {
    return ledger.state(task.key) instanceof Waiting(var current) && current == task;
  }

  void askersGone(int link) {
    for (var task : unfinished) {
      task.askers.removeIf(asker -> asker.link() == link);
    }
  }

  // --- looking in

  int unfinishedCount() {
    return unfinished.size();
  }

  /// Functions that run, also those that were cancelled and have not ended.
  int runsCount() {
    return runs.size();
  }

  /// @throws IllegalStateException naming what does not hold
  void check() {
    var slots = runs.values().stream().filter(work -> !work.blocking()).count();
    WorkerInvariants.require(slots == slotsUsed, "the count of used slots is off");
    WorkerInvariants.require(slotsUsed <= config.threads(), "more runs than slots");
    WorkerInvariants.require(runs.size() - slotsUsed <= config.blockingMax(),
        "more blocking runs than allowed");
    WorkerInvariants.require(unfinished.size() <= config.tasksMax(), "more tasks than allowed");
  }

  /// @throws IllegalStateException naming what does not hold
  void check(Entry entry, Task state) {
    WorkerInvariants.require(unfinished.contains(state.task()), entry, "is not counted");
    switch (state) {
      case Waiting(var task) -> {
        WorkerInvariants.require(!task.missing.isEmpty(), entry, "waits for nothing");
        for (var input : task.missing) {
          WorkerInvariants.require(
              ledger.find(input) instanceof Entry needed && needed.dependents.contains(task), entry,
              "waits for " + input + ", which does not know");
        }
      }
      case Ready(var task) -> {
        var line = task.work.blocking() ? readyBlocking : ready;
        var full = task.work.blocking()
            ? runs.size() - slotsUsed == config.blockingMax()
            : slotsUsed == config.threads();
        WorkerInvariants.require(task.missing.isEmpty(), entry, "is ready without " + task.missing);
        WorkerInvariants.require(line.contains(task), entry, "is ready and not in line");
        WorkerInvariants.require(full, entry, "waits for a slot though one is free");
      }
      case Running(var task, var attempt) -> {
        WorkerInvariants.require(task.missing.isEmpty(), entry, "runs without " + task.missing);
        WorkerInvariants.require(runs.containsKey(new Run(entry.key, attempt)), entry,
            "runs, and nothing runs it");
      }
    }
  }
}
