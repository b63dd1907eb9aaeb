package dev.heddle.worker;

import dev.heddle.wire.Failure;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.worker.KeyState.Fetching;
import dev.heddle.worker.KeyState.Locating;
import dev.heddle.worker.KeyState.Parked;
import dev.heddle.worker.KeyState.Queued;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerEvent.FetchEnded;
import dev.heddle.worker.WorkerEvent.LocateFailed;
import dev.heddle.worker.WorkerEvent.Located;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The keys that are needed here and are elsewhere: finds out who has them and fetches them, one
/// replica after the other, until each is here or cannot be had. A room of [WorkerState].
///
/// [#goOn] decides what follows when a replica fails; everything else leads there.
final class Collecting {
  /// Told of each key that cannot be had.
  interface Nowhere {
    /// @param batch tasks that began later may still have it
    void accept(Entry entry, long batch);
  }

  private final WorkerConfig config;
  private final Ledger ledger;
  private final Outbox out;
  private final Keeping keeping;
  private final Memory memory;
  private final Nowhere nowhere;
  private final Gathering gathering;
  /// What the store is being asked for, each key once at a time, since which batch.
  private final Map<Key, Long> locating = new HashMap<>();
  private final Set<Entry> parked = new LinkedHashSet<>();

  /// @param nowhere told of each key that cannot be had, to fail the tasks that wait for it
  Collecting(WorkerConfig config, Ledger ledger, Outbox out, Keeping keeping, Memory memory,
      Nowhere nowhere) {
    this.config = config;
    this.ledger = ledger;
    this.out = out;
    this.keeping = keeping;
    this.memory = memory;
    this.nowhere = nowhere;
    this.gathering = new Gathering(config);
  }

  /// Begins to seek a key, which one of `hint` may have.
  void seek(Entry entry, List<Holder> hint) {
    var search = Search.of(gathering.bestFirst(hint));
    if (search.next().isEmpty()) {
      locate(entry, search);
    } else {
      queue(entry, search);
    }
  }

  /// Nobody needs it any more, or it comes about in another way.
  void stop(Entry entry, Sought sought) {
    switch (sought) {
      case Locating _ -> {
        if (out.withdrawLocate(entry.key)) {
          locating.remove(entry.key);
        }
      }
      case Queued(var from, _) -> gathering.unwant(entry.key, from);
      case Parked _ -> parked.remove(entry);
      case Fetching _ -> {
        // It will arrive all the same, and find that nobody wants it.
      }
    }
  }

  private void goOn(Entry entry, Search search) {
    if (!search.next().isEmpty()) {
      queue(entry, search);
    } else if (!search.busy().isEmpty()) {
      park(entry, search);
    } else if (search.rounds() + 1 < config.roundsMax()) {
      locate(entry, search.nextRound());
    } else {
      nowhere.accept(entry, ledger.batch());
    }
  }

  // --- asking the store

  /// If it is being asked already, for an earlier search, the answer to that may do.
  private void locate(Entry entry, Search search) {
    if (locating.putIfAbsent(entry.key, ledger.batch()) == null) {
      out.locate(entry.key);
    }
    ledger.to(entry, new Locating(search));
  }

  void located(Located located) {
    for (var key : located.keys()) {
      var askedInBatch = locating.remove(key);
      if (askedInBatch != null && ledger.find(key) instanceof Entry entry
          && entry.state instanceof Locating(var search)) {
        var replicas = gathering
            .bestFirst(spread(located.holders().getOrDefault(key, List.of())));
        if (replicas.isEmpty()) {
          notFound(entry, search, askedInBatch, "no worker has it");
        } else {
          queue(entry, search.found(replicas));
        }
      }
    }
  }

  /// Whoever asks begins with another one, so that not all ask the same.
  private List<Holder> spread(List<Holder> holders) {
    if (holders.size() < 2) {
      return holders;
    }
    var turned = new ArrayList<>(holders);
    Collections.rotate(turned, Long.hashCode(config.self().incarnation()));
    return turned;
  }

  void locateFailed(LocateFailed failed) {
    for (var key : failed.keys()) {
      var askedInBatch = locating.remove(key);
      if (askedInBatch != null && ledger.find(key) instanceof Entry entry
          && entry.state instanceof Locating(var search)) {
        notFound(entry, search, askedInBatch,
            "cannot find out who has it: " + failed.reason());
      }
    }
  }

  /// Fails the tasks that needed the key when the store was asked. For later ones it is asked again,
  /// since the key may have been stored between.
  private void notFound(Entry entry, Search search, long askedInBatch, String why) {
    entry.trouble(why);
    nowhere.accept(entry, askedInBatch);
    if (!entry.dependents().isEmpty()) {
      locate(entry, search);
    }
  }

  // --- asking peers

  private void queue(Entry entry, Search search) {
    var from = search.next().getFirst();
    ledger.to(entry, new Queued(from, search.withoutFirst()));
    gathering.want(entry.key, from);
  }

  /// Makes all requests that can be made now.
  ///
  /// @param mayWait whether little things had better wait for others
  void askPeers(Memory.Runs runs, boolean mayWait) {
    for (var batch : gathering.nextBatches(mayWait,
        (bytes, coming) -> memory.mayFetch(bytes, coming, runs))) {
      for (var key : batch.keys()) {
        var entry = ledger.get(key);
        if (!(entry.state instanceof Queued(var from, var search))) {
          throw ledger.impossible(entry);
        }
        ledger.to(entry, new Fetching(from, search));
      }
      out.add(new Fetch(batch.worker(), batch.peer(), List.copyOf(batch.keys())));
    }
  }

  void arrived(FetchEnded.Arrived arrived) {
    var broughtNothing = arrived.values().isEmpty() && arrived.missing().isEmpty()
        && arrived.unsendable().isEmpty();
    forEach(attemptsOf(gathering.ended(arrived.peer())), (entry, from, search) -> {
      var key = entry.key;
      if (arrived.values().get(key) instanceof Value value) {
        keeping.store(entry, value);
      } else if (arrived.unsendable().get(key) instanceof Failure failure) {
        entry.trouble("the worker " + from.worker() + " cannot send it: " + failure);
        goOn(entry, search.inLastRound(config.roundsMax()));
      } else if (!arrived.later().contains(key)) {
        entry.trouble("the worker " + from.worker() + " no longer has it");
        goOn(entry, search);
      } else if (broughtNothing) {
        waitForTurn(entry, search);
      } else {
        ledger.to(entry, new Queued(from, search));
        gathering.want(key, from);
      }
    });
  }

  void peerBusy(FetchEnded.PeerBusy busy) {
    forEach(attemptsOf(gathering.ended(busy.peer())),
        (entry, from, search) -> goOn(entry, search.busy(from)));
  }

  void peerLost(FetchEnded.PeerLost lost) {
    var batch = gathering.ended(lost.peer());
    var attempts = attemptsOf(batch);
    for (var key : gathering.giveUpOn(batch.worker(), batch.peer())) {
      var entry = ledger.get(key);
      if (!(entry.state instanceof Queued(var from, var search))) {
        throw ledger.impossible(entry);
      }
      attempts.add(new Attempt(entry, entry.state, from, search));
    }
    forEach(attempts, (entry, from, search) -> {
      entry.trouble("the worker " + from.worker() + " that has it cannot be reached: "
          + lost.reason());
      goOn(entry, search);
    });
  }

  /// That a replica of a key is being tried.
  private record Attempt(Entry entry, KeyState state, Holder from, Search search) {}

  /// The keys of a request that has ended, as far as it is still the one that they wait for.
  private List<Attempt> attemptsOf(Gathering.Batch batch) {
    var attempts = new ArrayList<Attempt>();
    for (var key : batch.keys()) {
      if (ledger.find(key) instanceof Entry entry
          && entry.state instanceof Fetching(var from, var search)
          && from.worker().equals(batch.worker()) && from.address().equals(batch.peer())) {
        attempts.add(new Attempt(entry, entry.state, from, search));
      }
    }
    return attempts;
  }

  private interface Next {
    void decide(Entry entry, Holder from, Search search);
  }

  /// What becomes of one key may end the search for those after it: a task that fails for want of
  /// one input needs the others no longer.
  private static void forEach(List<Attempt> attempts, Next next) {
    for (var attempt : attempts) {
      if (attempt.state.equals(attempt.entry.state)) {
        next.decide(attempt.entry, attempt.from, attempt.search);
      }
    }
  }

  // --- waiting for busy peers

  /// A peer has it and gives it to others now. Without the next replica to try, the store is asked
  /// again in a moment: those others have it then, so that of many who want a large value most get it
  /// from each other. This ends, since a peer that says so lives, and gives it on as fast as it can.
  private void waitForTurn(Entry entry, Search search) {
    if (search.next().isEmpty()) {
      wait(entry, search, config.busyPauseNanos(0));
    } else {
      queue(entry, search);
    }
  }

  private void wait(Entry entry, Search search, long nanos) {
    ledger.to(entry, new Parked(search, ledger.now() + nanos));
    parked.add(entry);
  }

  private void park(Entry entry, Search search) {
    if (search.pauses() >= config.busyPausesMax()) {
      search.busy().forEach(holder -> entry.trouble("the worker " + holder.worker()
          + " that has it was too busy each of " + (search.pauses() + 1) + " times"));
      goOn(entry, search.withoutBusy());
    } else {
      wait(entry, search.paused(), config.busyPauseNanos(search.pauses()));
    }
  }

  void tick() {
    for (var entry : List.copyOf(parked)) {
      if (entry.state instanceof Parked(var search, var until) && until <= ledger.now()) {
        parked.remove(entry);
        if (search.next().isEmpty()) {
          locate(entry, search);
        } else {
          queue(entry, search);
        }
      }
    }
  }

  /// What is on its way here, as its holders say.
  long comingBytes() {
    return gathering.comingBytes();
  }

  int requestsUnderWay() {
    return gathering.requestsUnderWay();
  }

  int parkedCount() {
    return parked.size();
  }

  /// @throws IllegalStateException naming what does not hold
  void check(int keysQueued, int keysParked) {
    WorkerInvariants.require(gathering.keysWanted() == keysQueued,
        "something is queued that nobody needs");
    WorkerInvariants.require(parked.size() == keysParked, "something is parked that nobody needs");
    WorkerInvariants.require(gathering.requestsUnderWay() <= config.fetchesMax(),
        "too many requests under way");
  }

  /// @throws IllegalStateException naming what does not hold
  void check(Entry entry, Sought sought) {
    switch (sought) {
      case Locating _ ->
        WorkerInvariants.require(locating.containsKey(entry.key), entry, "is asked of nobody");
      case Queued(var from, _) ->
        WorkerInvariants.require(gathering.wants(entry.key, from), entry, "is queued nowhere");
      case Fetching(var from, _) ->
        WorkerInvariants.require(gathering.asksFor(entry.key, from), entry,
            "is fetched from nobody");
      case Parked _ ->
        WorkerInvariants.require(parked.contains(entry), entry, "is not looked at again");
    }
  }
}
