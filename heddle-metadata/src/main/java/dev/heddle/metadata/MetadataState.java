package dev.heddle.metadata;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Change;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who has what, and until when: the core of the embedded store. Pure: no clock, socket or thread.
///
/// `now` is in milliseconds on a clock that never goes back. Each event first ends the leases that
/// are due, so that no answer names a holder whose lease has ended, however late [#tick] comes.
///
/// An entry is one object in two indices: in the key-ordered map of its worker, and in the chain
/// of holders of its key. An event costs O(log n) a key for the first and O(holders) for the second.
public final class MetadataState {
  private static final Comparator<Member> BY_EXPIRY = Comparator
      .<Member>comparingLong(member -> member.expiresAt)
      .thenComparing(member -> member.info.id().name());

  private final Map<String, Member> members = new HashMap<>();
  private final TreeSet<Member> byExpiry = new TreeSet<>(BY_EXPIRY);
  /// The first of each key's chain of holders.
  private final Map<Key, Held> holders = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private boolean recording;

  /// Knows nothing yet.
  public MetadataState() {}

  /// A worker with a lease.
  private static final class Member {
    WorkerInfo info;
    long leaseMillis;
    long expiresAt;
    final NavigableMap<Key, Held> has = new TreeMap<>();

    Member(WorkerInfo info) {
      this.info = info;
    }
  }

  /// That a worker has the value of a key.
  private static final class Held {
    final Member by;
    final Key key;
    long sizeBytes;
    @Nullable
    Held next;

    Held(Member by, Key key, long sizeBytes, @Nullable Held next) {
      this.by = by;
      this.key = key;
      this.sizeBytes = sizeBytes;
      this.next = next;
    }

    Holder toHolder() {
      return new Holder(by.info.id(), by.info.address(), by.info.host(), sizeBytes);
    }
  }

  /// Whether changes are kept for [#takeChanges]; not at first.
  public void record(boolean recording) {
    this.recording = recording;
  }

  /// The changes since the last call, in order.
  public List<Change> takeChanges() {
    if (changes.isEmpty()) {
      return List.of();
    }
    var taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  /// When the next lease ends, unless it is renewed; [#tick] is due then.
  public OptionalLong nextExpiry() {
    return byExpiry.isEmpty() ? OptionalLong.empty() : OptionalLong.of(byExpiry.first().expiresAt);
  }

  /// Ends the leases that are due.
  public void tick(long now) {
    while (!byExpiry.isEmpty() && byExpiry.first().expiresAt <= now) {
      end(byExpiry.first());
    }
  }

  /// See [MetadataStore#join].
  public void join(WorkerInfo worker, long leaseMillis, long now) throws NameTakenException {
    tick(now);
    var name = worker.id().name();
    var member = members.get(name);
    if (member == null) {
      member = new Member(worker);
      members.put(name, member);
      changed(new Change.Joined(worker));
    } else if (!member.info.id().equals(worker.id())) {
      throw NameTakenException.of(member.info, Duration.ofMillis(member.expiresAt - now));
    } else if (!member.info.equals(worker)) {
      member.info = worker;
      changed(new Change.Joined(worker));
    }
    member.leaseMillis = leaseMillis;
    extend(member, now);
  }

  /// See [MetadataStore#renew].
  public void renew(WorkerId worker, long now) throws LeaseLostException {
    extend(alive(worker, now), now);
  }

  /// See [MetadataStore#leave].
  public void leave(WorkerId worker, long now) {
    tick(now);
    var member = members.get(worker.name());
    if (member != null && member.info.id().equals(worker)) {
      end(member);
    }
  }

  /// See [MetadataStore#register].
  public void register(WorkerId worker, List<Entry> entries, long now) throws LeaseLostException {
    var member = alive(worker, now);
    for (var entry : entries) {
      var held = member.has.get(entry.key());
      if (held == null) {
        held = new Held(member, entry.key(), entry.sizeBytes(), holders.get(entry.key()));
        member.has.put(entry.key(), held);
        holders.put(entry.key(), held);
      } else if (held.sizeBytes == entry.sizeBytes()) {
        continue;
      } else {
        held.sizeBytes = entry.sizeBytes();
      }
      changed(new Change.Registered(worker, entry.key(), entry.sizeBytes()));
    }
  }

  /// See [MetadataStore#unregister].
  public void unregister(WorkerId worker, List<Key> keys, long now) {
    tick(now);
    var member = members.get(worker.name());
    if (member == null || !member.info.id().equals(worker)) {
      return;
    }
    for (var key : keys) {
      if (member.has.remove(key) instanceof Held held) {
        unchain(held);
      }
      // Also if nothing was known of it here: whoever watches may have been told of it otherwise.
      changed(new Change.Unregistered(worker, key));
    }
  }

  /// See [MetadataStore#whoHas].
  public Map<Key, List<Holder>> whoHas(Collection<Key> keys, long now) {
    tick(now);
    var found = LinkedHashMap.<Key, List<Holder>>newLinkedHashMap(keys.size());
    for (var key : keys) {
      var held = holders.get(key);
      if (held != null) {
        found.put(key, chain(held));
      }
    }
    return found;
  }

  private static List<Holder> chain(Held first) {
    if (first.next == null) {
      return List.of(first.toHolder());
    }
    var list = new ArrayList<Holder>();
    for (var held = first; held != null
        && list.size() < MetadataStore.HOLDERS_MAX; held = held.next) {
      list.add(held.toHolder());
    }
    return List.copyOf(list);
  }

  /// See [MetadataStore#hasWhat].
  public Inventory hasWhat(String worker, Optional<Key> after, int limit, long now) {
    tick(now);
    var member = members.get(worker);
    if (member == null) {
      return new Inventory(List.of(), false);
    }
    var rest = after.isPresent() ? member.has.tailMap(after.get(), false) : member.has;
    var entries = new ArrayList<Entry>(Math.min(limit, member.has.size()));
    for (var held : rest.values()) {
      if (entries.size() == limit) {
        return new Inventory(List.copyOf(entries), true);
      }
      entries.add(new Entry(held.key, held.sizeBytes));
    }
    return new Inventory(List.copyOf(entries), false);
  }

  /// See [MetadataStore#workers].
  public List<WorkerInfo> workers(long now) {
    tick(now);
    return members.values().stream().map(member -> member.info)
        .sorted(Comparator.comparing(info -> info.id().name())).toList();
  }

  public int workerCount() {
    return members.size();
  }

  /// How many keys somebody has.
  public int keyCount() {
    return holders.size();
  }

  private Member alive(WorkerId worker, long now) throws LeaseLostException {
    tick(now);
    var member = members.get(worker.name());
    if (member == null || !member.info.id().equals(worker)) {
      throw LeaseLostException.of(worker);
    }
    return member;
  }

  private void extend(Member member, long now) {
    byExpiry.remove(member);
    member.expiresAt = now + member.leaseMillis;
    byExpiry.add(member);
  }

  private void end(Member member) {
    byExpiry.remove(member);
    members.remove(member.info.id().name());
    member.has.values().forEach(this::unchain);
    changed(new Change.Left(member.info.id()));
  }

  private void unchain(Held gone) {
    var first = holders.get(gone.key);
    if (first == gone) {
      if (gone.next == null) {
        holders.remove(gone.key);
      } else {
        holders.put(gone.key, gone.next);
      }
      return;
    }
    for (var held = first; held != null; held = held.next) {
      if (held.next == gone) {
        held.next = gone.next;
        return;
      }
    }
    throw new IllegalStateException("'" + gone.key + "' of " + gone.by.info.id()
        + " is in the index of workers and not in that of keys");
  }

  private void changed(Change change) {
    if (recording) {
      changes.add(change);
    }
  }

  /// Checks that the indices agree.
  ///
  /// @throws IllegalStateException
  ///           if they don't: a defect in this class
  void checkInvariants() {
    check(byExpiry.size() == members.size() && byExpiry.containsAll(members.values()),
        "each worker's lease is in the order of expiry once");
    members.forEach((name, member) -> check(name.equals(member.info.id().name()),
        "each worker is found by its name"));
    var count = 0;
    for (var entry : holders.entrySet()) {
      for (var held = entry.getValue(); held != null; held = held.next) {
        count++;
        check(held.key.equals(entry.getKey()), "a chain has one key");
        check(members.get(held.by.info.id().name()) == held.by, "a holder has a lease");
        check(held.by.has.get(held.key) == held, "a worker knows what it holds");
      }
    }
    check(count == members.values().stream().mapToInt(member -> member.has.size()).sum(),
        "whatever a worker has is in the index of keys once");
  }

  private static void check(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalStateException("broken: " + rule);
    }
  }
}
