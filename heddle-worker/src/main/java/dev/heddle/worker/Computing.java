package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.worker.Attempts.Run;
import dev.heddle.worker.KeyState.Ready;
import dev.heddle.worker.KeyState.Running;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.KeyState.Waiting;
import dev.heddle.worker.WorkerCommand.Execute;
import dev.heddle.worker.WorkerCommand.Interrupt;
import dev.heddle.worker.WorkerEvent.ComputeAsked;
import dev.heddle.worker.WorkerEvent.ExecutionEnded;
import dev.heddle.worker.WorkerEvent.SlotTaken;
import dev.heddle.worker.WorkerEvent.SlotYielded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The tasks: gets their inputs together, runs them as slots become free, and fails those whose
/// inputs fail. A room of [WorkerState].
final class Computing {
  private static final long SHORT_NANOS = 50_000;
  private static final long MOMENT_NANOS = 1_000_000;

  /// A task that has ended without a value, because `root` failed.
  private record Failed(Entry entry, Key root, Failure failure) {}

  private final WorkerConfig config;
  private final Ledger ledger;
  private final Outbox out;
  private final Keeping keeping;
  private final Collecting collecting;
  private final Memory memory;
  private final Tally tally;
  private final Unfinished unfinished = new Unfinished();
  private final Lines ready = new Lines();
  private final Lines readyBlocking = new Lines();
  /// How long the last function ran that gave a value, and when it ended.
  private long lastRunNanos = Long.MAX_VALUE;
  private long lastEndedNanos;
  private final Attempts attempts = new Attempts();
  private long readied;

  Computing(WorkerConfig config, Ledger ledger, Outbox out, Keeping keeping,
      Collecting collecting, Memory memory, Tally tally) {
    this.config = config;
    this.ledger = ledger;
    this.out = out;
    this.keeping = keeping;
    this.collecting = collecting;
    this.memory = memory;
    this.tally = tally;
  }

  // --- from request to slot

  /// Takes on a task whose key is unknown, or sought for tasks that need it.
  ///
  /// @param isKnownByTelling whether the store needs not be told of its result, since whoever asks is
  ///     the store
  void begin(ComputeAsked asked, boolean isKnownByTelling) {
    var inputs = asked.work().inputs();
    if (needsItself(asked.key(), inputs)) {
      out.end(asked.asker(), asked.key(), new TaskOutcome.GivenBack(Reason.BAD_REQUEST,
          "'" + asked.key() + "' would wait for itself: its inputs need it", false));
      return;
    }
    if (unfinished.size() >= config.tasksMax()) {
      out.end(asked.asker(), asked.key(), new TaskOutcome.GivenBack(Reason.BUSY,
          "the worker " + config.self() + " has " + unfinished.size()
              + " tasks, as many as it takes; ask again later, or another worker",
          false));
      return;
    }
    var known = ledger.find(asked.key());
    if (known != null && known.state instanceof Sought sought) {
      collecting.stop(known, sought);
    }
    var entry = known == null ? ledger.open(asked.key()) : known;
    var task = new Computation(entry, asked.work(), asked.asker(), ledger.batch(),
        ledger.now(), isKnownByTelling);
    unfinished.add(task);
    for (var input : inputs) {
      need(task, input, asked.holders().getOrDefault(input, List.of()));
    }
    if (task.missing().isEmpty()) {
      makeReady(entry, task);
    } else {
      ledger.to(entry, new Waiting(task));
    }
  }

  /// Whether a task here that waits for the key asked for is among what it needs. Only a key that is
  /// waited for can close such a circle, so that a chain of any length is taken on in order at no
  /// cost.
  private boolean needsItself(Key asked, Set<Key> inputs) {
    if (inputs.isEmpty()) {
      return false;
    }
    if (inputs.contains(asked)) {
      return true;
    }
    if (!(ledger.find(asked) instanceof Entry entry) || entry.dependents().isEmpty()) {
      return false;
    }
    var seen = new HashSet<Key>();
    var toLook = new ArrayDeque<>(inputs);
    while (!toLook.isEmpty()) {
      var key = toLook.pop();
      if (key.equals(asked)) {
        return true;
      }
      if (seen.add(key) && ledger.state(key) instanceof Waiting(var task)) {
        toLook.addAll(task.missing());
      }
    }
    return false;
  }

  private void need(Computation task, Key input, List<Holder> hint) {
    if (keeping.value(input) instanceof Value value) {
      task.has(input, value);
      memory.use(task, ledger.get(input));
      return;
    }
    task.lacks(input);
    var known = ledger.find(input);
    var entry = known == null ? ledger.open(input) : known;
    entry.neededBy(task);
    if (known == null) {
      collecting.seek(entry, hint);
    }
  }

  /// A value is here now: gives it to the tasks that wait for it.
  void supply(Entry stored, Value value) {
    for (var task : stored.takeDependents()) {
      task.has(stored.key, value);
      memory.use(task, stored);
      if (task.missing().isEmpty()) {
        makeReady(task.entry, task);
      }
    }
  }

  private void makeReady(Entry entry, Computation task) {
    ledger.to(entry, new Ready(task));
    task.number = ++readied;
    lineOf(task).add(task);
  }

  private Lines lineOf(Computation task) {
    return task.work.blocking() ? readyBlocking : ready;
  }

  /// Whether the slots have enough to do for a moment, so that what is fetched now would wait: others
  /// are in line, and functions are short and end one after the other.
  boolean isBusyAMoment() {
    return !ready.isEmpty() && lastRunNanos < SHORT_NANOS
        && ledger.now() - lastEndedNanos < MOMENT_NANOS;
  }

  /// Starts what can be started.
  void startReady() {
    while (attempts.slots() < config.threads() && !ready.isEmpty() && mayStart(ready.first())) {
      var task = ready.first();
      if (memory.tooLargeInputs(task) instanceof Optional<Long> bytes && bytes.isPresent()) {
        failTooLarge(task, bytes.get());
      } else {
        start(ready.removeFirst());
      }
    }
    while (attempts.blocking() < config.blockingMax() && !readyBlocking.isEmpty()) {
      start(readyBlocking.removeFirst());
    }
  }

  private boolean mayStart(Computation task) {
    return memory.mayRun(task, runs(), collecting.comingBytes());
  }

  private void failTooLarge(Computation task, long bytes) {
    var failure = TaskFailures.tooLargeInputs(task.key, bytes, memory.limitBytes(), config.self());
    release(task, new TaskOutcome.Failed(failure, 0));
    failDependents(new Failed(task.entry, task.key, failure));
  }

  private void start(Computation task) {
    var attempt = attempts.begin(task, ledger.now());
    memory.pin(task.held());
    ledger.to(task.entry, new Running(task, attempt));
    tally.queueTimes.add(ledger.now() - task.begunNanos);
    out.add(new Execute(task.key, attempt, task.work, Collections.unmodifiableMap(task.inputs()),
        task.isOfScheduler()));
  }

  // --- a function waits

  /// A function waits for something: another may have its slot.
  void yielded(SlotYielded yielded) {
    if (attempts.yields(yielded.attempt()) instanceof Run run) {
      tellWaits(run, true);
    }
  }

  /// It goes on, even if all slots are taken by now: then one function more than slots runs until
  /// another ends, rather than a function that has all that it needs standing still.
  void taken(SlotTaken taken) {
    if (attempts.goesOn(taken.attempt()) instanceof Run run) {
      tellWaits(run, false);
    }
  }

  private void tellWaits(Run run, boolean waits) {
    if (isCurrent(run)) {
      for (var asker : run.task.askers) {
        if (asker.isScheduler()) {
          out.tell(asker.link(), new Message.Waits(asker.correlation(), waits));
        }
      }
    }
  }

  // --- a function goes on though it was cancelled

  private void interrupt(Key key, long attempt) {
    out.add(new Interrupt(key, attempt));
    attempts.cancelled(attempt, ledger.now());
  }

  /// Those that keep a slot.
  List<Key> kept() {
    return attempts.kept(ledger.now());
  }

  /// Whether this is what its key waits for: it was not cancelled.
  private static boolean isCurrent(Run run) {
    return run.task.entry.state instanceof Running(var task, var current) && task == run.task
        && current == run.attempt;
  }

  // --- a function takes too long

  /// Fails the tasks whose functions have run for as long as they may. Their slots stay taken until
  /// they end.
  void tick() {
    for (var run : attempts.overdue(ledger.now())) {
      if (isCurrent(run)) {
        timeOut(run.task.entry, run);
      }
    }
  }

  private void timeOut(Entry entry, Run run) {
    var ran = ledger.now() - run.startedNanos;
    var failure = TaskFailures.timeout(entry.key, run.task.work.timeoutMillis(), ran,
        config.self());
    interrupt(entry.key, run.attempt);
    release(run.task, new TaskOutcome.Failed(failure, ran));
    failDependents(new Failed(entry, entry.key, failure));
  }

  // --- from slot to value

  void ended(ExecutionEnded ended) {
    var run = attempts.end(ended.attempt());
    if (run == null || !run.task.key.equals(ended.key())) {
      throw new IllegalStateException("execution " + ended.attempt() + " of '" + ended.key()
          + "' ended, but it was not running; the key's story: " + ledger.story(ended.key()));
    }
    if (ended instanceof ExecutionEnded.InputsLost lost) {
      memory.lost(run.held, lost.inputs());
      lost.inputs().forEach(input -> keeping.lost(input, run.task.input(input)));
    }
    var isCurrent = isCurrent(run); // If not, it was cancelled while it ran.
    if (isCurrent) {
      ended(run.task, ended);
    }
    memory.unpin(run.held);
  }

  private void ended(Computation task, ExecutionEnded ended) {
    var entry = task.entry;
    switch (ended) {
      case ExecutionEnded.Succeeded made -> {
        unfinished.remove(task);
        memory.release(task);
        lastRunNanos = made.runNanos();
        lastEndedNanos = ledger.now();
        keeping.store(entry, made.value(), task, made);
      }
      case ExecutionEnded.Raised(_, _, var failure, var runNanos) -> {
        release(task, new TaskOutcome.Failed(failure, runNanos));
        failDependents(new Failed(entry, task.key, failure));
      }
      case ExecutionEnded.InputsLost(_, _, var inputs, var reason) -> {
        var failure = TaskFailures.missingInput(task.key, inputs.getFirst(), List.of(reason));
        release(task, new TaskOutcome.Lacking(inputs.getFirst(), failure));
        failDependents(new Failed(entry, task.key, failure));
      }
    }
  }

  // --- ends without a value

  /// Nobody could be found who has a key: fails what waits for it since that batch or an earlier one.
  /// If nothing is left that waits, the key is forgotten.
  void nowhere(Entry sought, long batch) {
    var lacking = sought.dependents().stream().filter(task -> task.begunInBatch <= batch)
        .toList();
    lacking.forEach(sought::notNeededBy);
    if (sought.dependents().isEmpty()) {
      ledger.close(sought);
    }
    for (var task : lacking) {
      if (isWaiting(task)) {
        var failure = TaskFailures.missingInput(task.key, sought.key, sought.troubles());
        release(task, new TaskOutcome.Lacking(sought.key, failure));
        failDependents(new Failed(task.entry, task.key, failure));
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
      var lacking = each.entry.takeDependents();
      ledger.close(each.entry);
      for (var task : lacking) {
        release(task, new TaskOutcome.Lacking(each.entry.key,
            TaskFailures.inputFailed(task.key, each.entry.key, each.root, each.failure)));
        failed.add(new Failed(task.entry, each.root, each.failure));
      }
    }
  }

  /// Stops computing a key, and fails what waits for it.
  void cancel(Entry entry, Task state) {
    if (state instanceof Running(_, var attempt)) {
      interrupt(entry.key, attempt);
    }
    release(state.task(), new TaskOutcome.Cancelled(state instanceof Running));
    failDependents(
        new Failed(entry, entry.key, TaskFailures.inputCancelled(entry.key)));
  }

  /// Gives up what has not begun, since the worker leaves; whoever asked may ask another.
  void turnAwayWaiting() {
    for (var task : unfinished.all()) {
      if (!(task.entry.state instanceof Running)) {
        turnAway(task);
      }
    }
  }

  /// Gives up what runs, since the worker ends now.
  ///
  /// @return its keys
  List<Key> turnAwayRunning() {
    var keys = new ArrayList<Key>();
    for (var task : unfinished.all()) {
      if (task.entry.state instanceof Running(_, var attempt)) {
        interrupt(task.key, attempt);
        turnAway(task);
        keys.add(task.key);
      }
    }
    return keys;
  }

  private void turnAway(Computation task) {
    release(task, new TaskOutcome.GivenBack(Reason.DRAINING, "the worker " + config.self()
        + " shuts down before '" + task.key + "' is done; ask another one to compute it",
        task.entry.state instanceof Running));
    ledger.close(task.entry);
  }

  /// Ends a task: tells who asked, and stops seeking inputs that only it needs. What becomes of its
  /// entry is the caller's to say.
  private void release(Computation task, TaskOutcome outcome) {
    if (unfinished.contains(task)) {
      unfinished.remove(task);
      memory.release(task);
    }
    if (task.entry.state instanceof Ready) {
      lineOf(task).remove(task);
    }
    task.askers.forEach(asker -> out.end(asker, task.key, outcome));
    for (var input : task.missing()) {
      if (ledger.find(input) instanceof Entry entry && entry.notNeededBy(task)
          && entry.dependents().isEmpty() && entry.state instanceof Sought sought) {
        collecting.stop(entry, sought);
        ledger.close(entry);
      }
    }
  }

  private boolean isWaiting(Computation task) {
    return task.entry.state instanceof Waiting(var current) && current == task;
  }

  void askersGone(int link) {
    for (var task : unfinished) {
      task.askers.removeIf(asker -> asker.link() == link);
    }
  }

  // --- a scheduler thinks better of it

  /// Gives back those of the assignments that have not begun, with everything that waits for them
  /// here. If somebody else asked for one too, it stays for them.
  void recall(int link, Set<Long> numbers) {
    for (var each : assignments(link, numbers)) {
      if (unfinished.contains(each.task) && !(each.task.entry.state instanceof Running)) {
        var outcome = new TaskOutcome.GivenBack(Reason.BUSY, "it was recalled", false);
        if (each.task.askers.size() == 1) {
          giveBack(each.task, outcome);
        } else if (each.task.askers.remove(each.asker)) {
          out.end(each.asker, each.task.key, outcome);
        }
      }
    }
  }

  /// Gives back all assignments that have not begun, since there is no memory for them here: what they would
  /// use may then go elsewhere. What callers asked for stays.
  void giveBackForWantOfMemory() {
    giveBack(_ -> true, "has no memory for it");
  }

  /// Gives back all assignments that have not begun and need a slot, since none may ever be free again.
  void giveBackForWantOfSlots() {
    giveBack(task -> !task.work.blocking(),
        "has no slot for it: all are kept by functions that were cancelled and go on");
  }

  private void giveBack(Predicate<Computation> which, String why) {
    for (var task : unfinished.all()) {
      if (unfinished.contains(task) && !(task.entry.state instanceof Running)
          && task.isOfSchedulersAlone() && which.test(task)) {
        giveBack(task, new TaskOutcome.GivenBack(Reason.BUSY,
            "the worker " + config.self() + " " + why, false));
      }
    }
  }

  private void giveBack(Computation first, TaskOutcome.GivenBack recalled) {
    var toGive = new ArrayDeque<Computation>();
    toGive.add(first);
    while (!toGive.isEmpty()) {
      var task = toGive.remove();
      if (!unfinished.contains(task)) {
        continue;
      }
      var entry = task.entry;
      release(task, task == first
          ? recalled
          : new TaskOutcome.GivenBack(Reason.BUSY, "its input '" + first.key + "' was recalled",
              false));
      for (var dependent : List.copyOf(entry.dependents())) {
        if (dependent.isOfSchedulersAlone()) {
          toGive.add(dependent);
        }
      }
      if (entry.dependents().isEmpty()) {
        ledger.close(entry);
      } else {
        collecting.seek(entry, List.of()); // Until those are given back too, if they are.
      }
    }
  }

  /// Stops the assignments, unless somebody else asked for the same.
  void abort(int link, Set<Long> numbers) {
    for (var each : assignments(link, numbers).reversed()) { // So that none is told of its input's end.
      if (unfinished.contains(each.task) && each.task.askers.remove(each.asker)) {
        var entry = each.task.entry;
        out.end(each.asker, each.task.key,
            new TaskOutcome.Cancelled(entry.state instanceof Running));
        if (each.task.askers.isEmpty() && entry.state instanceof Task state) {
          cancel(entry, state);
        }
      }
    }
  }

  /// A value is needed no longer that is yet to be computed: stops that, unless somebody else asked
  /// for it too.
  void unneeded(int link, Entry entry, Task state) {
    if (state.task().askers.stream()
        .allMatch(asker -> asker.isScheduler() && asker.link() == link)) {
      cancel(entry, state);
    }
  }

  private record Assignment(Computation task, Asker asker) {}

  private List<Assignment> assignments(int link, Set<Long> numbers) {
    var found = new ArrayList<Assignment>();
    for (var task : unfinished) {
      for (var asker : task.askers) {
        if (asker.isScheduler() && asker.link() == link
            && numbers.contains(asker.correlation())) {
          found.add(new Assignment(task, asker));
        }
      }
    }
    return found;
  }

  /// Adds the assignments of a connection that have not ended, and those of them that run.
  void addUnfinished(int link, List<Long> numbers, List<Long> running) {
    for (var task : unfinished) {
      for (var asker : task.askers) {
        if (asker.isScheduler() && asker.link() == link) {
          numbers.add(asker.correlation());
          if (task.entry.state instanceof Running) {
            running.add(asker.correlation());
          }
        }
      }
    }
  }

  // --- looking in

  int unfinishedCount() {
    return unfinished.size();
  }

  /// Adds what its tasks and runs hold in memory.
  void addHeld(Set<Held> all) {
    unfinished.forEach(task -> all.addAll(task.held()));
    attempts.addHeld(all);
  }

  Memory.Runs runs() {
    var active = attempts.slots() + attempts.blocking();
    return new Memory.Runs(active, attempts.count() - active, unfinished.size());
  }

  /// Functions that run, also those that were cancelled and have not ended.
  int runsCount() {
    return attempts.count();
  }

  /// @throws IllegalStateException naming what does not hold
  void check() {
    attempts.check(config);
    WorkerInvariants.require(unfinished.size() <= config.tasksMax(), "more tasks than allowed");
  }

  /// @throws IllegalStateException naming what does not hold
  void check(Entry entry, Task state) {
    WorkerInvariants.require(unfinished.contains(state.task()), entry, "is not counted");
    switch (state) {
      case Waiting(var task) -> {
        WorkerInvariants.require(!task.missing().isEmpty(), entry, "waits for nothing");
        for (var input : task.missing()) {
          WorkerInvariants.require(
              ledger.find(input) instanceof Entry needed && needed.dependents().contains(task),
              entry,
              "waits for " + input + ", which does not know");
        }
      }
      case Ready(var task) -> {
        var full = task.work.blocking()
            ? attempts.blocking() == config.blockingMax()
            : attempts.slots() >= config.threads() || !mayStart(ready.first());
        WorkerInvariants.require(task.missing().isEmpty(), entry,
            "is ready without " + task.missing());
        WorkerInvariants.require(lineOf(task).contains(task), entry, "is ready and not in line");
        WorkerInvariants.require(full, entry, "waits for a slot though one is free");
      }
      case Running(var task, var attempt) -> {
        WorkerInvariants.require(task.missing().isEmpty(), entry,
            "runs without " + task.missing());
        WorkerInvariants.require(attempts.get(attempt) instanceof Run run && run.task == task,
            entry,
            "runs, and nothing runs it");
      }
    }
  }
}
