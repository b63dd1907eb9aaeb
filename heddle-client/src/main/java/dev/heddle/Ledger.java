package dev.heddle;

import dev.heddle.wire.Attempt;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Begun;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.UnsendableException;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All that a client knows of its tasks, and what the scheduler was told of them. One thread at a
/// time is in it: that is the turn. Inside a turn nothing waits; what is said to the scheduler is
/// appended to its connection, so that it stays in order.
// An outcome is another one if it is another object, whatever is in it; so are connections.
@SuppressWarnings("ReferenceEquality")
final class Ledger {
  /// So much may wait for a connection, or in one, before those who submit have to wait.
  static final long WAITING_BYTES_MAX = 16L << 20;

  /// Of so many tasks that one line submitted and that failed together, the scheduler is told so.
  private static final int PLACES_TOLD_MAX = 64;
  /// So many ranges are told with one message.
  private static final int RANGES_MAX = 100_000;

  private final ReentrantLock turn = new ReentrantLock();
  /// Signalled when [#connection] or [#ended] changes.
  private final Condition changed = turn.newCondition();
  private final AtomicLong lastNumber = new AtomicLong();
  private final ReferenceQueue<Handle<?>> collected = new ReferenceQueue<>();
  private final ClientCore core;

  // Guarded by the turn.
  private final EntryTable table = new EntryTable();
  private final Telling telling;
  private final Places places = new Places();
  private final NumberBag drops = new NumberBag();
  private final NumberBag aborts = new NumberBag();
  /// Where the scheduler listens to; null while it does not, or is being told what it missed.
  private @Nullable Connection connection;
  private @Nullable RuntimeException ended;
  private long unsentBytes;

  Ledger(ClientCore core) {
    this.core = core;
    this.telling = new Telling(core.code());
  }

  // --- submitting

  /// Takes numbers for so many tasks, one after another.
  ///
  /// @return the first
  long reserve(int count) {
    return lastNumber.getAndAdd(count) + 1;
  }

  /// Where those of `keys` were submitted for which this program holds a future, in words.
  Map<Key, String> placesOf(Collection<Key> keys) {
    var wanted = Set.copyOf(keys);
    var found = new HashMap<Key, String>();
    turn.lock();
    try {
      for (var entry : table.all()) {
        if (wanted.contains(entry.key())) {
          found.put(entry.key(), String.valueOf(entry.submitted));
        }
      }
    } finally {
      turn.unlock();
    }
    return found;
  }

  /// Keeps what it takes to submit these again, until [#unpin].
  ///
  /// @throws IllegalStateException if one was closed
  void pin(Entry entry) {
    turn.lock();
    try {
      if (entry.dropped) {
        throw new IllegalStateException("the future '" + entry.key()
            + "' was closed, so its value may be gone; close it after the last use");
      }
      entry.dependents++;
    } finally {
      turn.unlock();
    }
  }

  void unpin(Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    turn.lock();
    try {
      entries.forEach(this::unpinned);
    } finally {
      turn.unlock();
    }
  }

  /// Waits until what was submitted before has left, or nearly.
  ///
  /// @throws InterruptedException if it has to wait
  void awaitRoom() throws InterruptedException {
    Connection to;
    turn.lock();
    try {
      while (connection == null && ended == null && unsentBytes > WAITING_BYTES_MAX) {
        changed.await();
      }
      to = connection;
    } finally {
      turn.unlock();
    }
    if (to != null) {
      to.awaitRoom(WAITING_BYTES_MAX);
    }
  }

  /// How many futures have a place of submission of their own.
  int ownPlaces() {
    return table.ownPlaces();
  }

  /// Submits, or keeps it until there is a connection.
  ///
  /// @return a handle a task
  /// @throws UnsendableException if it is too large; nothing was submitted
  List<Handle<?>> submit(Submission submission) {
    var handles = new ArrayList<Handle<?>>(submission.count());
    Connection to;
    turn.lock();
    try {
      checkOpen();
      var entries = entries(submission, handles);
      to = connection;
      if (to == null) {
        unsentBytes += submission.sizeBytes();
      } else {
        try {
          telling.tell(to, entries);
        } catch (UnsendableException e) {
          entries.forEach(this::dropped);
          throw e;
        }
      }
    } finally {
      turn.unlock();
    }
    if (to != null) {
      core.session().flusher().flush(to);
    }
    return handles;
  }

  private List<Entry> entries(Submission submission, List<Handle<?>> handles) {
    var shared = submission.needs().toArray(Entry[]::new);
    var entries = new ArrayList<Entry>(submission.count());
    for (var i = 0; i < submission.count(); i++) {
      var handle = new Handle<>(core, collected, submission.first() + i, submission.label(),
          submission.submitted());
      var entry = handle.entry();
      var own = submission.own().length == 0 ? null : submission.own()[i];
      entry.inputs = own == null ? shared : with(shared, own);
      entry.spec = submission.spec();
      entry.operand = submission.operands().isEmpty() ? null : submission.operands().get(i);
      for (var input : entry.inputs) {
        input.dependents++;
      }
      table.add(entry);
      handles.add(handle);
      entries.add(entry);
    }
    for (var entry : entries) {
      var failure = DependentOutcome.of(entry);
      if (failure != null) {
        entry.outcome = failure;
        tidy(entry);
      }
    }
    return entries;
  }

  private static Entry[] with(Entry[] some, Entry other) {
    var all = java.util.Arrays.copyOf(some, some.length + 1);
    all[some.length] = other;
    return all;
  }

  boolean isEnded() {
    turn.lock();
    try {
      return ended != null;
    } finally {
      turn.unlock();
    }
  }

  void checkOpen() {
    turn.lock();
    try {
      if (ended != null) {
        throw Endings.again(ended);
      }
    } finally {
      turn.unlock();
    }
  }

  /// Does something with what was told, in the turn.
  <R extends @Nullable Object> R withTelling(BiFunction<Telling, @Nullable Connection, R> action) {
    turn.lock();
    try {
      return action.apply(telling, connection);
    } finally {
      turn.unlock();
    }
  }

  // --- results

  /// The scheduler told how tasks ended, in the order in which they did.
  void results(List<Result> results) {
    var woken = new ArrayList<Waiter>();
    turn.lock();
    try {
      var failed = new ArrayList<Entry>();
      for (var result : results) {
        var entry = table.get(result.task());
        if (entry != null) {
          end(entry, outcome(entry, result), woken);
          if (result instanceof Result.Failed(_, var origin, _, _) && origin.isEmpty()) {
            failed.add(entry);
          }
        }
      }
      tellPlaces(failed);
      tellDrops();
    } finally {
      turn.unlock();
    }
    woken.forEach(Waiter::wake);
  }

  /// The scheduler is told which lines submitted what failed, before it can hear that it was dropped.
  private void tellPlaces(List<Entry> failed) {
    var to = connection;
    if (to == null || failed.isEmpty()) {
      return;
    }
    var byPlace = new HashMap<CallSite, List<Long>>();
    for (var entry : failed) {
      if (entry.submitted instanceof CallSite place) {
        var its = byPlace.computeIfAbsent(place, _ -> new ArrayList<>());
        if (its.size() < PLACES_TOLD_MAX) {
          its.add(entry.number);
        }
      }
    }
    byPlace.forEach(
        (place, numbers) -> to.notice(new Message.SubmittedAt(place.toString(), numbers)));
  }

  private Outcome outcome(Entry entry, Result result) {
    return switch (result) {
      case Result.Ready(_, var type, var size, var holders, var value) -> value.isPresent()
          ? new Outcome.Encoded(value.get())
          : new Outcome.Elsewhere(places.type(type), size, places.of(holders));
      case Result.Failed(_, var origin, var attempt, var failure) ->
        failed(entry, origin, attempt, failure);
      case Result.Cancelled(_, var reason, var begun) -> new Outcome.Cancelled(reason, begun);
      case Result.Lost(_, var reason) -> new Outcome.Ended(new TaskLostException(reason));
    };
  }

  /// The failure of a task, with the input through which it came and the way there, where these are
  /// known here.
  private static Outcome.Failed failed(Entry entry, Optional<Key> origin,
      Optional<Attempt> attempt, Failure failure) {
    if (origin.isEmpty()) {
      return new Outcome.Failed(origin, Optional.empty(), attempt, failure, Chain.NONE);
    }
    var first = origin.get();
    for (var input : entry.inputs) {
      if (input.outcome instanceof Outcome.Failed failed) {
        var key = input.key();
        if (failed.origin.orElse(key).equals(first)) {
          return new Outcome.Failed(origin, Optional.of(key), attempt, failure,
              failed.chain.through(key, input.submitted));
        }
      }
    }
    return new Outcome.Failed(origin, Optional.empty(), attempt, failure,
        first.equals(entry.key()) ? Chain.NONE : Chain.NONE.through(first, null));
  }

  /// An entry that is settled stays as it is, but for what was yet to be told of it.
  private void end(Entry entry, Outcome outcome, List<Waiter> woken) {
    if (entry.isSettled() && !completes(outcome, entry.outcome)) {
      return;
    }
    set(entry, outcome, woken);
    if (entry.dropped) {
      table.remove(entry);
      tell(entry, drops);
    }
  }

  private static boolean completes(Outcome outcome, @Nullable Outcome before) {
    return outcome instanceof Outcome.Cancelled && before instanceof Outcome.Cancelled cancelled
        && cancelled.begun() == Begun.UNTOLD;
  }

  private void set(Entry entry, Outcome outcome, List<Waiter> woken) {
    entry.outcome = outcome;
    for (var waiter = entry.waiters; waiter != null; waiter = waiter.next) {
      woken.add(waiter);
    }
    entry.waiters = null;
    if (entry.isSettled()) {
      tidy(entry);
    }
  }

  /// Ends one task here.
  ///
  /// @return false if it had ended
  boolean end(Entry entry, Outcome outcome) {
    var woken = new ArrayList<Waiter>();
    turn.lock();
    try {
      if (entry.outcome != null) {
        return false;
      }
      end(entry, outcome, woken);
    } finally {
      turn.unlock();
    }
    woken.forEach(Waiter::wake);
    return true;
  }

  /// Ends a task here that no scheduler was told of yet, and none will be.
  ///
  /// @return false if it had ended, or one was
  boolean endUntold(Entry entry, Outcome outcome) {
    turn.lock();
    try {
      return entry.toldEpoch == 0 && end(entry, outcome);
    } finally {
      turn.unlock();
    }
  }

  /// The value of a task has come here from a worker, or was made of what came.
  void arrived(Entry entry, Outcome before, Outcome here) {
    var woken = List.<Waiter>of();
    turn.lock();
    try {
      if (entry.outcome == before) {
        woken = entry.waiters == null ? woken : new ArrayList<>();
        set(entry, here, woken);
      }
    } finally {
      turn.unlock();
    }
    woken.forEach(Waiter::wake);
  }

  /// Has the waiter called at the next outcome.
  ///
  /// @return false if the outcome is another than `seen` already
  boolean await(Entry entry, @Nullable Outcome seen, Waiter waiter) {
    turn.lock();
    try {
      if (entry.outcome != seen) {
        return false;
      }
      waiter.next = entry.waiters;
      entry.waiters = waiter;
    } finally {
      turn.unlock();
    }
    core.session().flusher().now();
    return true;
  }

  void stopWaiting(Entry entry, Waiter waiter) {
    turn.lock();
    try {
      Waiter before = null;
      for (var at = entry.waiters; at != null; before = at, at = at.next) {
        if (at == waiter) {
          if (before == null) {
            entry.waiters = at.next;
          } else {
            before.next = at.next;
          }
          return;
        }
      }
    } finally {
      turn.unlock();
    }
  }

  /// The value could not be had where the scheduler said that it is: it is asked to look again.
  void need(Entry entry, Outcome where) {
    say(to -> {
      if (entry.outcome == where && to != null) {
        to.notice(new Message.Need(List.of(entry.number)));
      }
    });
  }

  private void say(Consumer<@Nullable Connection> words) {
    Connection to;
    turn.lock();
    try {
      to = connection;
      words.accept(to);
    } finally {
      turn.unlock();
    }
    if (to != null) {
      core.session().flusher().flush(to);
    }
  }

  // --- letting go

  ReferenceQueue<Handle<?>> collected() {
    return collected;
  }

  /// The program has let go of these.
  void drop(Collection<Entry> entries) {
    say(_ -> {
      entries.forEach(this::dropped);
      tellDrops();
    });
  }

  /// As [#drop] of one that has ended here, but if it runs, it may go on.
  void withdraw(Entry entry) {
    say(to -> {
      if (entry.dropped) {
        return;
      }
      entry.dropped = true;
      table.remove(entry);
      if (to != null && entry.toldEpoch != 0) {
        to.notice(new Message.Withdraw(List.of(entry.number)));
      } else {
        tell(entry, drops);
      }
      tidy(entry);
    });
  }

  /// As [#drop], and whoever waits for it waits no longer.
  void close(Entry entry) {
    var woken = new ArrayList<Waiter>();
    say(_ -> {
      if (entry.outcome == null && !isDetached(entry)) {
        end(entry, new Outcome.Closed("its future was closed"), woken);
      }
      dropped(entry);
      tellDrops();
    });
    woken.forEach(Waiter::wake);
  }

  private void dropped(Entry entry) {
    if (entry.dropped) {
      return;
    }
    entry.dropped = true;
    if (entry.outcome == null && isDetached(entry) && ended == null) {
      return;
    }
    table.remove(entry);
    tell(entry, drops);
    tidy(entry);
  }

  /// Remembers what the scheduler is to be told of an entry, if it ever heard of it.
  private void tell(Entry entry, NumberBag of) {
    if (entry.toldEpoch != 0) {
      of.add(entry.number);
    }
  }

  private void tellDrops() {
    var to = connection;
    if (to != null && !drops.isEmpty()) {
      to.notice(new Message.Drop(drops.takeRanges()));
    }
  }

  /// Stops a task for whoever wants it.
  void abort(Collection<Entry> entries) {
    say(_ -> {
      entries.forEach(entry -> tell(entry, aborts));
      tellAborts();
    });
  }

  private void tellAborts() {
    var to = connection;
    if (to != null && !aborts.isEmpty()) {
      to.notice(new Message.Abort(aborts.all()));
      aborts.clear();
    }
  }

  private void unpinned(Entry entry) {
    if (--entry.dependents == 0) {
      tidy(entry);
    }
  }

  /// Forgets how to submit what will not be submitted again.
  private void tidy(Entry first) {
    if (!isDone(first)) {
      return;
    }
    var inputs = first.forget();
    if (inputs.length == 0) {
      return;
    }
    var open = new ArrayDeque<>(List.of(inputs));
    while (!open.isEmpty()) {
      var entry = open.remove();
      if (--entry.dependents == 0 && isDone(entry)) {
        open.addAll(List.of(entry.forget()));
      }
    }
  }

  /// What others published can only be asked for again, even if its value is here.
  private static boolean isDone(Entry entry) {
    return entry.dependents == 0 && (entry.dropped
        || (entry.isSettled() && !(entry.spec instanceof Spec.Adopted)));
  }

  // --- the connection

  /// A connection on which the scheduler has still to be told everything.
  void begin() {
    turn.lock();
    try {
      telling.beginEpoch();
    } finally {
      turn.unlock();
    }
  }

  /// What the scheduler has not been told on this connection although it is wanted, in an order in
  /// which nothing comes before what it needs.
  List<Entry> untold() {
    turn.lock();
    try {
      return telling.untold(table);
    } finally {
      turn.unlock();
    }
  }

  /// Tells of some of [#untold].
  ///
  /// @return what was asked for because others published it
  List<Telling.Adoption> tellAgain(Connection to, List<Entry> some) {
    var woken = new ArrayList<Waiter>();
    List<Telling.Adoption> adopted;
    turn.lock();
    try {
      for (var entry : some) {
        var failure = entry.isSettled() ? null : DependentOutcome.of(entry);
        if (failure != null) {
          end(entry, failure, woken);
        }
      }
      telling.tell(to, some);
      adopted = telling.takeAdoptions();
    } finally {
      turn.unlock();
    }
    woken.forEach(Waiter::wake);
    return adopted;
  }

  private static boolean isDetached(Entry entry) {
    var spec = entry.spec;
    return spec != null && spec.isDetached();
  }

  /// From now on, whatever is submitted goes over this connection.
  ///
  /// @return false if there is something to tell first, or it has been lost again
  boolean connected(Connection to) {
    turn.lock();
    try {
      checkOpen();
      if (!to.isOpen() || !telling.untold(table).isEmpty()) {
        return false;
      }
      connection = to;
      unsentBytes = 0;
      telling.undefineUnused(to);
      if (telling.isReturning()) {
        dropAllBut(to);
      }
      tellDrops();
      tellAborts();
      changed.signalAll();
    } finally {
      turn.unlock();
    }
    to.flush();
    return true;
  }

  /// Says again what is not wanted, for the last connection may have ended before that was heard:
  /// everything that is not here any more, and what was cancelled.
  private void dropAllBut(Connection to) {
    drops.clear();
    aborts.clear();
    var kept = new NumberBag();
    for (var entry : table.all()) {
      kept.add(entry.number);
      if (entry.outcome instanceof Outcome.Cancelled) {
        aborts.add(entry.number);
      }
    }
    for (var some : kept.takeGaps(lastNumber.get(), RANGES_MAX)) {
      to.notice(new Message.Drop(some));
    }
  }

  boolean isConnected() {
    turn.lock();
    try {
      return connection != null;
    } finally {
      turn.unlock();
    }
  }

  /// The connection is gone, if it was the one.
  void away(Connection lost) {
    turn.lock();
    try {
      if (connection == lost) {
        connection = null;
        changed.signalAll();
      }
    } finally {
      turn.unlock();
    }
  }

  /// Waits for a connection.
  ///
  /// @return null if the time was up
  /// @throws RuntimeException if the client was closed, or its patience is over
  @Nullable
  Connection awaitConnection(long deadlineNanos) throws InterruptedException {
    turn.lockInterruptibly();
    try {
      while (connection == null) {
        if (ended != null) {
          throw Endings.again(ended);
        }
        var left = deadlineNanos - System.nanoTime();
        if (left <= 0) {
          return null;
        }
        changed.awaitNanos(left);
      }
      return connection;
    } finally {
      turn.unlock();
    }
  }

  /// Every unfinished task ends so, and nothing more can be submitted.
  ///
  /// @return false if it has ended already
  boolean end(RuntimeException cause) {
    var woken = new ArrayList<Waiter>();
    Connection to;
    turn.lock();
    try {
      if (ended != null) {
        return false;
      }
      ended = cause;
      to = connection;
      for (var entry : table.all()) {
        tell(entry, drops);
        if (entry.outcome == null || entry.waiters != null) {
          end(entry, new Outcome.Ended(cause), woken);
        }
      }
      tellDrops();
      if (to != null && cause instanceof ClientClosedException) {
        to.notice(new Message.Farewell());
      }
      connection = null;
      changed.signalAll();
    } finally {
      turn.unlock();
    }
    if (to != null) {
      to.flush();
    }
    woken.forEach(Waiter::wake);
    return true;
  }

  /// How many tasks it knows.
  int size() {
    turn.lock();
    try {
      return table.size();
    } finally {
      turn.unlock();
    }
  }

  static final Comparator<Entry> BY_NUMBER = Comparator.comparingLong(entry -> entry.number);
}
