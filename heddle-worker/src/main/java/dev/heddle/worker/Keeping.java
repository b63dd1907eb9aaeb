package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.WorkerCommand.Serve;
import dev.heddle.worker.WorkerEvent.ExecutionEnded.Succeeded;
import dev.heddle.worker.WorkerEvent.GetAsked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The values that are here: keeps them, gives them out, tells the store of each, and tells those
/// who wait once the store knows. A room of [WorkerState].
final class Keeping {
  private static final int SAID_GONE_MAX = 10_000;

  private final Ledger ledger;
  private final Outbox out;
  private final Memory memory;
  private final BiConsumer<Entry, Value> arrived;
  private final Consumer<Key> lost;
  /// Stored, and somebody waits, or may, for the store to know.
  private final Set<Entry> unacknowledged = new LinkedHashSet<>();
  /// What the store was told lately not to be here. It may hear that after the scheduler hears that
  /// such a key has been computed here since, so that it needs a word of its own about that.
  private final LinkedHashSet<Key> saidGone = new LinkedHashSet<>();
  private long storedBytes;
  private int storedCount;
  /// How often the store was told all that is here.
  private int inventories;
  private @Nullable String storeAwayReason;

  /// @param arrived told of each value that is stored, for the tasks that wait for it
  /// @param lost told of each value that turns out not to be here
  Keeping(Ledger ledger, Outbox out, Memory memory, BiConsumer<Entry, Value> arrived,
      Consumer<Key> lost) {
    this.ledger = ledger;
    this.out = out;
    this.memory = memory;
    this.arrived = arrived;
    this.lost = lost;
  }

  /// Keeps a value that came from elsewhere.
  void store(Entry entry, Value value) {
    keep(entry, new Stored(value, Optional.empty(), 0, false));
    tellStore(entry, value);
    arrived.accept(entry, value);
  }

  /// Keeps what a task has made, and tells those who asked for it; at once where the scheduler is
  /// the store, which knows by being told.
  void store(Entry entry, Value value, Computation task, Succeeded made) {
    entry.awaitedBy(task.askers);
    entry.small = made.small().orElse(null);
    keep(entry,
        new Stored(value, task.work.fingerprint(), made.runNanos(), task.isKnownByTelling));
    entry.isKnownByTelling = task.isKnownByTelling;
    if (task.isKnownByTelling) {
      if (saidGone.remove(entry.key)) {
        out.register(entry.key, value.sizeBytes());
      } else {
        entry.untoldSince = inventories;
      }
      acknowledge(entry);
    } else {
      tellStore(entry, value);
    }
    arrived.accept(entry, value);
  }

  private void keep(Entry entry, Stored stored) {
    storedBytes += stored.value().sizeBytes();
    storedCount++;
    memory.keep(entry, stored.value());
    ledger.to(entry, stored);
    entry.noTrouble();
  }

  private void tellStore(Entry entry, Value value) {
    out.register(entry.key, value.sizeBytes());
    unacknowledged.add(entry);
    if (storeAwayReason != null) {
      acknowledge(entry);
    }
  }

  void put(PutInProgress put, Entry entry, Value value) {
    put.sizesBytes.put(entry.key, value.sizeBytes());
    put.unregistered++;
    entry.put(put);
    store(entry, value);
  }

  /// What is to be put is here already, which is as good.
  void isHere(PutInProgress put, Entry entry, Stored stored) {
    put.sizesBytes.put(entry.key, stored.value().sizeBytes());
    if (!stored.registered() && storeAwayReason == null) {
      put.unregistered++;
      entry.put(put);
      unacknowledged.add(entry);
    }
  }

  /// Answers once every value of the request was looked at and the store knows of each.
  void endOfPut(PutInProgress put) {
    if (--put.unregistered == 0) {
      out.reply(put.asker, new Message.Stored(put.sizesBytes, put.refused));
    }
  }

  /// Tells `asker` that a value is here, as soon as the store knows.
  void answer(Asker asker, Entry entry, Stored stored) {
    if (stored.registered() || storeAwayReason != null) {
      tell(asker, entry, stored);
    } else {
      entry.awaitedBy(asker);
      unacknowledged.add(entry); // Again, if it was stored while the store was away.
    }
  }

  void registered(Key key) {
    if (ledger.find(key) instanceof Entry entry
        && entry.state instanceof Stored(var value, var madeBy, var runNanos, var known)) {
      if (!known) {
        ledger.to(entry, new Stored(value, madeBy, runNanos, true));
      }
      entry.untoldSince = -1;
      entry.isKnownByTelling = false;
      acknowledge(entry);
    }
  }

  void storeAway(String reason) {
    storeAwayReason = reason;
    List.copyOf(unacknowledged).forEach(this::acknowledge);
  }

  void storeBack() {
    storeAwayReason = null;
  }

  /// Tells all who wait for the store to know of a value.
  private void acknowledge(Entry entry) {
    unacknowledged.remove(entry);
    var askers = entry.takeAskers();
    if (entry.state instanceof Stored stored) {
      for (var i = 0; i < askers.size(); i++) {
        tell(askers.get(i), entry, stored);
      }
    }
    entry.small = null;
    var puts = entry.takePuts();
    for (var i = 0; i < puts.size(); i++) {
      endOfPut(puts.get(i));
    }
  }

  private void tell(Asker asker, Entry entry, Stored stored) {
    var value = stored.value();
    if (asker.isScheduler()) {
      var small = entry.small == null ? value.small() : Optional.of(entry.small);
      out.tell(asker.link(), new Message.Ended(asker.correlation(), new TaskEnd.Ready(value.type(),
          value.sizeBytes(), stored.runNanos(), small)));
    } else {
      out.reply(asker, new Message.Finished(entry.key, value.type(), value.sizeBytes(),
          stored.runNanos()));
    }
  }

  void drop(Entry entry, Stored stored) {
    storedBytes -= stored.value().sizeBytes();
    storedCount--;
    memory.drop(entry, stored.value());
    acknowledge(entry);
    if (!isToldToSchedulerAlone(entry)) {
      sayGone(entry.key);
    }
    ledger.close(entry);
  }

  /// A value turns out not to be here, since its file cannot be read: it is said to be gone, and whoever
  /// needs it sees to it that it is made again.
  void lost(Key key, Value value) {
    if (ledger.find(key) instanceof Entry entry && entry.state instanceof Stored stored
        && stored.value().equals(value)) {
      drop(entry, stored);
      sayGone(key);
      lost.accept(key);
    }
  }

  private void sayGone(Key key) {
    out.unregister(key);
    if (saidGone.size() == SAID_GONE_MAX) {
      saidGone.removeFirst();
    }
    saidGone.add(key);
  }

  boolean isToldToSchedulerAlone(Entry entry) {
    return entry.untoldSince == inventories;
  }

  /// Gives out what is here. Whoever asks for something that is not may have been sent by the store,
  /// so that the store is told: by this worker, whose words to the store stay in order, and not by
  /// the asker, whose word might come after the value's return.
  void get(GetAsked asked) {
    var found = new LinkedHashMap<Key, Value>();
    var others = new LinkedHashMap<Key, Datum>();
    var bytes = 0L;
    for (var key : new LinkedHashSet<>(asked.keys())) {
      if (!(ledger.state(key) instanceof Stored stored)) {
        others.put(key, new Datum.Missing());
        sayGone(key);
      } else if (!found.isEmpty() && bytes + stored.value().sizeBytes() > asked.bytesMax()) {
        others.put(key, new Datum.Later());
      } else {
        memory.touch(ledger.get(key));
        found.put(key, stored.value());
        bytes += stored.value().sizeBytes();
      }
    }
    out.add(new Serve(asked.asker(), found, others));
  }

  void askersGone(int link) {
    for (var entry : unacknowledged) {
      entry.notAwaitedBy(link);
    }
  }

  /// The assignments of a connection whose values are here, and of which the store does not know yet.
  void addUntold(int link, List<Long> tasks) {
    for (var entry : unacknowledged) {
      for (var asker : entry.askers()) {
        if (asker.isScheduler() && asker.link() == link) {
          tasks.add(asker.correlation());
        }
      }
    }
  }

  /// Whether nobody waits for the store to know of something.
  boolean allAcknowledged() {
    return unacknowledged.isEmpty();
  }

  /// @return null where the value is not here
  @Nullable
  Value value(Key key) {
    return ledger.state(key) instanceof Stored stored ? stored.value() : null;
  }

  /// All that is here, for the store that has lost its own list. From now on it knows of values too
  /// of which it was not told one by one.
  List<Message.Entry> tellInventory() {
    inventories++;
    return inventory();
  }

  List<Message.Entry> inventory() {
    var inventory = new ArrayList<Message.Entry>(storedCount);
    for (var entry : ledger.entries()) {
      if (entry.state instanceof Stored stored) {
        inventory.add(new Message.Entry(entry.key, stored.value().sizeBytes()));
      }
    }
    return inventory;
  }

  int storedCount() {
    return storedCount;
  }

  long storedBytes() {
    return storedBytes;
  }

  Optional<String> storeAwayReason() {
    return Optional.ofNullable(storeAwayReason);
  }

  boolean waitsForStore(Entry entry) {
    return unacknowledged.contains(entry);
  }
}
