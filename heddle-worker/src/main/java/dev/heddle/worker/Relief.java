package dev.heddle.worker;

import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.KeyState.Stored;
import dev.heddle.worker.WorkerCommand.AskPeers;
import dev.heddle.worker.WorkerCommand.Relieve;
import dev.heddle.worker.WorkerEvent.PeersTold;
import dev.heddle.worker.WorkerEvent.Relieved;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a worker does that is full and can write nothing to disk: values that nothing here uses go to
/// workers that have room, one offer at a time, until enough is gone. A room of [WorkerState].
///
/// ```
///   ask the store who there is ──► offer to the next ──► tell the scheduler what it took
///        ▲                              ▲                     │
///        │ nobody left: a second later  │ still too much      ▼
///        └──────────────────────────────┴─────────── which lets it go from here
/// ```
///
/// It is the scheduler that lets a value go from here, once it knows from the other worker that it is
/// there: so nobody ever takes it for lost. Values of no scheduler stay.
final class Relief {
  private static final long EVERY_NANOS = 1_000_000_000;
  /// So often the scheduler is told of what was taken; after that it stays here.
  private static final int TOLD_MAX = 10;
  /// After so long, those that had no room are asked again.
  private static final long FORGET_NANOS = 30_000_000_000L;
  /// Of the values not used for longest, so many are looked at for those that may go.
  private static final int LOOKED_AT_MAX = 10_000;

  /// Taken by another, and to be let go by the scheduler.
  private static final class Leaving {
    final List<Key> keys;
    final WorkerId to;
    long tellNanos;
    int told;

    Leaving(List<Key> keys, WorkerId to) {
      this.keys = keys;
      this.to = to;
    }
  }

  private final WorkerConfig config;
  private final Ledger ledger;
  private final Outbox out;
  private final Schedulers schedulers;
  private final Memory memory;
  private boolean wanted;
  private boolean asking;
  private final ArrayDeque<WorkerInfo> toTry = new ArrayDeque<>();
  /// Empty if nothing is being offered.
  private Map<Key, Value> offered = Map.of();
  /// Who was offered a value already: it has it, or has no room.
  private final Map<Key, Set<WorkerId>> offeredTo = new HashMap<>();
  private long forgetNanos;
  private final ArrayDeque<Leaving> leaving = new ArrayDeque<>();
  private long nextNanos;
  /// Whether anybody was offered anything in this round.
  private boolean offering;
  private boolean nothingToGive;

  Relief(WorkerConfig config, Ledger ledger, Outbox out, Schedulers schedulers, Memory memory) {
    this.config = config;
    this.ledger = ledger;
    this.out = out;
    this.schedulers = schedulers;
    this.memory = memory;
  }

  /// Takes the next step.
  ///
  /// @param possible whether values may be given away one by one: the worker does not leave, which gives
  ///     away all
  void goOn(boolean possible) {
    tellLeaving();
    wanted = possible && memory.needsRelief(wanted);
    if (!wanted) {
      toTry.clear();
      offeredTo.clear();
      return;
    }
    if (asking || !offered.isEmpty() || (toTry.isEmpty() && ledger.now() < nextNanos)) {
      return;
    }
    var to = toTry.poll();
    if (to == null) {
      asking = true;
      offering = false;
      out.add(new AskPeers());
      return;
    }
    nextNanos = ledger.now() + EVERY_NANOS;
    offered = nextOffer(to.id());
    if (!offered.isEmpty()) {
      offering = true;
      out.add(new Relieve(to, offered));
    } else if (toTry.isEmpty() && !offering && leaving.isEmpty()) {
      nothingToGive = true;
    }
  }

  /// Whether there is too much here, and others are there, and nothing could be offered to any since tasks here
  /// are to use it, or all was. Said once a round.
  boolean takeNothingToGive() {
    var taken = nothingToGive;
    nothingToGive = false;
    return taken;
  }

  private void tellLeaving() {
    for (var i = leaving.size(); i > 0; i--) {
      var next = leaving.removeFirst();
      if (ledger.now() >= next.tellNanos) {
        var here = next.keys.stream().filter(key -> ledger.state(key) instanceof Stored).toList();
        next.told++;
        next.tellNanos = ledger.now() + EVERY_NANOS;
        // What went meanwhile was perhaps let go everywhere before the other had it.
        var last = next.told == TOLD_MAX || here.isEmpty();
        schedulers.moved(last || next.told == 1 ? next.keys : here, next.to, last);
        if (last) {
          continue;
        }
      }
      leaving.addLast(next);
    }
  }

  void told(PeersTold told) {
    asking = false;
    if (ledger.now() >= forgetNanos) {
      offeredTo.clear();
      forgetNanos = ledger.now() + FORGET_NANOS;
    }
    told.peers().stream().filter(peer -> !peer.id().equals(config.self())).forEach(toTry::add);
    nextNanos = ledger.now() + (toTry.isEmpty() ? EVERY_NANOS : 0);
  }

  /// As much as goes into one request, and no more than is too much.
  private Map<Key, Value> nextOffer(WorkerId to) {
    var offer = new LinkedHashMap<Key, Value>();
    var goes = new HashSet<Key>();
    var leavingBytes = 0L;
    for (var each : leaving) {
      for (var key : each.keys) {
        if (ledger.state(key) instanceof Stored stored && goes.add(key)) {
          leavingBytes += stored.value().sizeBytes();
        }
      }
    }
    var bytes = 0L;
    var looked = 0;
    for (var held = memory.oldestIdle(); held != null && looked++ < LOOKED_AT_MAX
        && offer.size() < config.fetchKeysMax()
        && memory.isTooMuch(leavingBytes + bytes); held = held.newer) {
      if (held.users > 1 || goes.contains(held.key) || !isStored(held)
          || !schedulers.isServed(held.key)
          || offeredTo.getOrDefault(held.key, Set.of()).contains(to)) {
        continue;
      }
      if (!offer.isEmpty() && bytes + held.bytes > config.fetchBytesMax()) {
        break;
      }
      offer.put(held.key, held.value);
      offeredTo.computeIfAbsent(held.key, _ -> new HashSet<>()).add(to);
      bytes += held.bytes;
    }
    return offer;
  }

  /// Whether it is in the dictionary, and not just in use.
  private boolean isStored(Held held) {
    return ledger.find(held.key) instanceof Entry entry && entry.held == held;
  }

  void relieved(Relieved relieved) {
    var keys = relieved.taken().stream().filter(offered::containsKey).toList();
    offered = Map.of();
    if (!keys.isEmpty()) {
      leaving.add(new Leaving(keys, relieved.to().id()));
      toTry.addFirst(relieved.to()); // It may have more room.
    }
  }
}
