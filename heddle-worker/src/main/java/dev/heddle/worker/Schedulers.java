package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.TaskKeys;
import dev.heddle.wire.WorkerId;
import dev.heddle.worker.KeyState.Sought;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.KeyState.Task;
import dev.heddle.worker.WorkerCommand.Dismiss;
import dev.heddle.worker.WorkerEvent.AttachAsked;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The schedulers that this worker serves, each on one connection: tells them what is here of theirs,
/// and that this worker lives. A room of [WorkerState].
final class Schedulers {
  /// How many keys one notice holds: well under a frame, as long as keys may be.
  static final int HOLDING_MAX = 4_000;
  private static final int NAMESPACES_MAX = 1_000;

  /// One that is served.
  private static final class Scheduler {
    final String namespace;
    final boolean keepsWhoHas;
    long assignsSeen;

    Scheduler(String namespace, boolean keepsWhoHas) {
      this.namespace = namespace;
      this.keepsWhoHas = keepsWhoHas;
    }
  }

  private final Ledger ledger;
  private final Outbox out;
  private final Keeping keeping;
  private final Computing computing;
  private final Memory memory;
  private Message.Vitals vitals = Message.Vitals.UNKNOWN;
  private final Tally tally;
  /// Of those that attached at any time.
  private final Set<String> namespaces = new HashSet<>();
  private final Map<Integer, Scheduler> byLink = new LinkedHashMap<>();

  Schedulers(Ledger ledger, Outbox out, Keeping keeping, Computing computing, Memory memory,
      Tally tally) {
    this.ledger = ledger;
    this.out = out;
    this.keeping = keeping;
    this.computing = computing;
    this.memory = memory;
    this.tally = tally;
  }

  /// Takes service with a scheduler. If it is served on another connection already, that one is
  /// closed: nobody is there any more, or nobody who should be.
  ///
  /// @return the connection on which it was served before
  Optional<Integer> attach(AttachAsked asked) {
    var link = asked.asker().link();
    var before = byLink.entrySet().stream()
        .filter(each -> each.getKey() != link
            && each.getValue().namespace.equals(asked.namespace()))
        .map(Map.Entry::getKey).findFirst();
    before.ifPresent(other -> {
      byLink.remove(other);
      out.add(new Dismiss(other, "the scheduler of namespace '" + asked.namespace()
          + "' has attached on another connection"));
    });
    if (namespaces.size() >= NAMESPACES_MAX) {
      namespaces.clear();
    }
    if (!namespaces.add(asked.namespace())) {
      tally.schedulersBack++;
    }
    var known = byLink.get(link);
    var scheduler = new Scheduler(asked.namespace(), asked.keepsWhoHas());
    scheduler.assignsSeen = known == null ? 0 : known.assignsSeen;
    byLink.put(link, scheduler);
    tellHolding(link, asked.namespace());
    out.reply(asked.asker(), asked.answer());
    return before;
  }

  int served() {
    return byLink.size();
  }

  private void tellHolding(int link, String namespace) {
    var stored = new ArrayList<Message.Entry>();
    var unfinished = new ArrayList<Key>();
    for (var entry : ledger.entries()) {
      if (TaskKeys.isOf(entry.key, namespace)) {
        switch (entry.state) {
          case Stored(var value, _, _, _) ->
            stored.add(new Message.Entry(entry.key, value.sizeBytes()));
          case Task _ -> unfinished.add(entry.key);
          case Sought _ -> {
            // It is not here, and is not coming about here.
          }
          case null -> throw new IllegalStateException("'" + entry.key + "' has no state");
        }
      }
      if (stored.size() + unfinished.size() == HOLDING_MAX) {
        out.tell(link, new Message.Holding(List.copyOf(stored), List.copyOf(unfinished)));
        stored.clear();
        unfinished.clear();
      }
    }
    if (!stored.isEmpty() || !unfinished.isEmpty()) {
      out.tell(link, new Message.Holding(stored, unfinished));
    }
  }

  /// A connection ended. What was assigned on it goes on.
  void gone(int link) {
    byLink.remove(link);
  }

  /// Whether a scheduler has attached on this connection, and on none since.
  boolean serves(int link) {
    return byLink.containsKey(link);
  }

  /// One more assignment came from a scheduler that is served.
  ///
  /// @return whether the scheduler is itself the store of who has what
  boolean assigned(int link) {
    var scheduler = byLink.get(link);
    if (scheduler == null) {
      throw new IllegalStateException("no scheduler has attached on connection " + link);
    }
    scheduler.assignsSeen++;
    return scheduler.keepsWhoHas;
  }

  /// @param now how this process is
  /// @param paused why this worker takes nothing more; empty if it does
  void beat(Message.Vitals now, String paused) {
    vitals = now;
    beat(paused);
  }

  /// As [#beat(Message.Vitals, String)], with what was known last of this process.
  void beat(String paused) {
    byLink.forEach((link, scheduler) -> {
      var unfinished = new ArrayList<Long>();
      var running = new ArrayList<Long>();
      computing.addUnfinished(link, unfinished, running);
      keeping.addUntold(link, unfinished);
      out.tell(link, new Message.Beat(scheduler.assignsSeen, unfinished, running,
          keeping.storedCount(), memory.memoryBytes(), memory.fileBytes(), vitals,
          paused, computing.kept()));
    });
  }

  /// Another worker has taken these, which are to go from here.
  ///
  /// @param last whether they stay if they do not go now
  void moved(List<Key> keys, WorkerId to, boolean last) {
    byLink.forEach((link, scheduler) -> {
      var own = keys.stream().filter(key -> TaskKeys.isOf(key, scheduler.namespace)).toList();
      if (!own.isEmpty()) {
        out.tell(link, new Message.ValuesMoved(own, to, last));
      }
    });
  }

  /// Whether a scheduler that is served can let a key go.
  boolean isServed(Key key) {
    for (var scheduler : byLink.values()) {
      if (TaskKeys.isOf(key, scheduler.namespace)) {
        return true;
      }
    }
    return false;
  }

  /// A value is here no longer, and no scheduler wanted that.
  void lost(Key key) {
    byLink.forEach((link, scheduler) -> {
      if (TaskKeys.isOf(key, scheduler.namespace)) {
        out.tell(link, new Message.ValuesLost(List.of(key)));
      }
    });
  }
}
