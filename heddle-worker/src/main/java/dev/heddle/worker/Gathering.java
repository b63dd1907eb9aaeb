package dev.heddle.worker;

import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which keys are to be fetched from which peer, and which peers are busy with one of our requests:
/// one request a peer at a time, for all that is wanted of it, and a bounded number of peers. Owned
/// by [WorkerState].
final class Gathering {
  /// @param sizesBytes what is wanted, with the size that its holder registered
  private record Peer(WorkerId worker, Map<Key, Long> sizesBytes) {}

  /// A request to a peer.
  record Batch(WorkerId worker, Address peer, List<Key> keys) {}

  private final WorkerConfig config;
  private final Map<Address, Peer> wanted = new LinkedHashMap<>();
  private final Map<Address, Set<Key>> asked = new LinkedHashMap<>();

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
    sorted.sort((a, b) -> {
      var near = Boolean.compare(b.host().equals(config.host()), a.host().equals(config.host()));
      return near != 0 ? near : Integer.compare(load(a.address()), load(b.address()));
    });
    return sorted;
  }

  private int load(Address peer) {
    var waiting = wanted.get(peer);
    var underWay = asked.get(peer);
    return (waiting == null ? 0 : waiting.sizesBytes.size())
        + (underWay == null ? 0 : underWay.size());
  }

  void want(Key key, Holder from) {
    wanted.computeIfAbsent(from.address(),
        _ -> new Peer(from.worker(), new LinkedHashMap<>())).sizesBytes
        .put(key, Math.max(0, from.sizeBytes()));
  }

  void unwant(Key key, Holder from) {
    var peer = wanted.get(from.address());
    if (peer != null && peer.sizesBytes.remove(key) != null && peer.sizesBytes.isEmpty()) {
      wanted.remove(from.address());
    }
  }

  /// The requests that can be made now.
  List<Batch> nextBatches() {
    var batches = new ArrayList<Batch>();
    for (var address : List.copyOf(wanted.keySet())) {
      if (asked.size() >= config.fetchesMax()) {
        break;
      }
      if (!asked.containsKey(address)) {
        batches.add(nextBatch(address));
      }
    }
    return batches;
  }

  private Batch nextBatch(Address address) {
    var peer = wanted.get(address);
    if (peer == null) {
      throw new IllegalStateException("nothing is wanted of " + address);
    }
    var keys = new LinkedHashSet<Key>();
    var bytes = 0L;
    for (var each : peer.sizesBytes.entrySet()) {
      if (!keys.isEmpty() && (keys.size() >= config.fetchKeysMax()
          || bytes + each.getValue() > config.fetchBytesMax())) {
        break;
      }
      keys.add(each.getKey());
      bytes += each.getValue();
    }
    peer.sizesBytes.keySet().removeAll(keys);
    if (peer.sizesBytes.isEmpty()) {
      wanted.remove(address);
    }
    asked.put(address, keys);
    return new Batch(peer.worker, address, List.copyOf(keys));
  }

  /// The request to a peer has ended.
  ///
  /// @return the keys that it was for
  /// @throws IllegalStateException if there was none: a defect of the shell
  Set<Key> ended(Address peer) {
    var keys = asked.remove(peer);
    if (keys == null) {
      throw new IllegalStateException("a fetch from " + peer + " ended, but none was under way");
    }
    return keys;
  }

  /// All that still waits to be asked of a peer; afterwards nothing does.
  Set<Key> giveUpOn(Address peer) {
    var waiting = wanted.remove(peer);
    return waiting == null ? Set.of() : new LinkedHashSet<>(waiting.sizesBytes.keySet());
  }

  int requestsUnderWay() {
    return asked.size();
  }

  boolean wants(Key key, Holder from) {
    var peer = wanted.get(from.address());
    return peer != null && peer.sizesBytes.containsKey(key);
  }

  boolean asksFor(Key key, Holder from) {
    var keys = asked.get(from.address());
    return keys != null && keys.contains(key);
  }

  int keysWanted() {
    var sum = 0;
    for (var peer : wanted.values()) {
      sum += peer.sizesBytes.size();
    }
    return sum;
  }
}
