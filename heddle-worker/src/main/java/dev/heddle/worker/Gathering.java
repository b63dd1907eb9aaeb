package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which keys are to be fetched from which peer, and which peers are busy with one of our requests:
/// one request an address at a time, for all that is wanted of one worker there, and a bounded
/// number of addresses. Owned by [Collecting].
final class Gathering {
  /// Two workers may be said to be at one address, of which one at most still is.
  private record Peer(WorkerId worker, Address address) {
    static Peer of(Holder holder) {
      return new Peer(holder.worker(), holder.address());
    }
  }

  /// A request to a peer.
  ///
  /// @param bytes of all values, as their holder says
  record Batch(WorkerId worker, Address peer, Set<Key> keys, long bytes) {}

  /// Whether there is memory for more.
  interface Room {
    boolean isThere(long bytes, long comingBytes);
  }

  private static final int LITTLE_KEYS = 64;
  private static final long LITTLE_BYTES = 64 << 10;

  private final WorkerConfig config;
  /// What is to be asked of each, with the size that it registered. First in line, first asked.
  private final Map<Peer, Map<Key, Long>> wanted = new LinkedHashMap<>();
  private final Map<Address, Batch> asked = new LinkedHashMap<>();
  private long comingBytes;

  Gathering(WorkerConfig config) {
    this.config = config;
  }

  /// The replica to try first: on this host, then the peer from which least is wanted.
  List<Holder> bestFirst(List<Holder> holders) {
    var sorted = new ArrayList<Holder>();
    for (var holder : holders) {
      if (!holder.worker().equals(config.self())) {
        sorted.add(holder);
      }
    }
    sorted.sort(
        Comparator.<Holder>comparingInt(holder -> holder.host().equals(config.host()) ? 0 : 1)
            .thenComparingInt(this::load));
    return sorted;
  }

  private int load(Holder holder) {
    var waiting = wanted.getOrDefault(Peer.of(holder), Map.of());
    var underWay = asked.get(holder.address());
    return waiting.size() + (underWay == null ? 0 : underWay.keys.size());
  }

  void want(Key key, Holder from) {
    wanted.computeIfAbsent(Peer.of(from), _ -> new LinkedHashMap<>()).put(key,
        Math.max(0, from.sizeBytes()));
  }

  void unwant(Key key, Holder from) {
    var keys = wanted.get(Peer.of(from));
    if (keys != null && keys.remove(key) != null && keys.isEmpty()) {
      wanted.remove(Peer.of(from));
    }
  }

  /// The requests that can be made now.
  ///
  /// @param mayWait whether to leave out those of few small values, which cost about as much as larger
  ///     ones
  List<Batch> nextBatches(boolean mayWait, Room room) {
    var batches = new ArrayList<Batch>();
    for (var peer : List.copyOf(wanted.keySet())) {
      if (asked.size() >= config.fetchesMax()) {
        break;
      }
      if (!asked.containsKey(peer.address) && !(mayWait && isLittle(peer))) {
        var batch = nextBatch(peer);
        if (!room.isThere(batch.bytes, comingBytes)) {
          break;
        }
        batches.add(ask(peer, batch));
      }
    }
    return batches;
  }

  private boolean isLittle(Peer peer) {
    var waiting = wanted.getOrDefault(peer, Map.of());
    if (waiting.size() >= LITTLE_KEYS) {
      return false;
    }
    var bytes = 0L;
    for (var each : waiting.values()) {
      bytes += each;
    }
    return bytes < LITTLE_BYTES;
  }

  private Batch nextBatch(Peer peer) {
    var waiting = wanted.getOrDefault(peer, Map.of());
    var keys = new LinkedHashSet<Key>();
    var bytes = 0L;
    for (var each : waiting.entrySet()) {
      if (!keys.isEmpty() && (keys.size() >= config.fetchKeysMax()
          || bytes + each.getValue() > config.fetchBytesMax())) {
        break;
      }
      keys.add(each.getKey());
      bytes += each.getValue();
    }
    return new Batch(peer.worker, peer.address, keys, bytes);
  }

  private Batch ask(Peer peer, Batch batch) {
    var waiting = wanted.remove(peer);
    if (waiting == null) {
      throw new IllegalStateException("nothing is wanted of " + peer);
    }
    waiting.keySet().removeAll(batch.keys);
    if (!waiting.isEmpty()) {
      wanted.put(peer, waiting); // Behind the others, who were not asked yet.
    }
    asked.put(peer.address, batch);
    comingBytes += batch.bytes;
    return batch;
  }

  /// The request to a peer has ended.
  ///
  /// @throws IllegalStateException if there was none: a defect of the shell
  Batch ended(Address peer) {
    var batch = asked.remove(peer);
    if (batch == null) {
      throw new IllegalStateException("a fetch from " + peer + " ended, but none was under way");
    }
    comingBytes -= batch.bytes;
    return batch;
  }

  /// All that still waits to be asked of a worker; afterwards nothing does.
  Set<Key> giveUpOn(WorkerId worker, Address address) {
    var waiting = wanted.remove(new Peer(worker, address));
    return waiting == null ? Set.of() : new LinkedHashSet<>(waiting.keySet());
  }

  long comingBytes() {
    return comingBytes;
  }

  int requestsUnderWay() {
    return asked.size();
  }

  boolean wants(Key key, Holder from) {
    return wanted.getOrDefault(Peer.of(from), Map.of()).containsKey(key);
  }

  boolean asksFor(Key key, Holder from) {
    var batch = asked.get(from.address());
    return batch != null && batch.worker.equals(from.worker()) && batch.keys.contains(key);
  }

  int keysWanted() {
    return wanted.values().stream().mapToInt(Map::size).sum();
  }
}
