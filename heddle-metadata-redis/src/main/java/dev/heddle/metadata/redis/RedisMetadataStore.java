package dev.heddle.metadata.redis;

import dev.heddle.metadata.Batches;
import dev.heddle.metadata.LeaseLostException;
import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.metadata.NameTakenException;
import dev.heddle.metadata.Watch;
import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The store that is kept in Redis (6.2 or later, one server or a primary with replicas; not Redis
/// Cluster). `docs/redis.md` gives the layout.
///
/// Each piece of up to [Batches#KEYS_MAX] keys is one atomic script call. Time is that of Redis, so
/// that the clocks of nodes do not matter. Connections are made when needed; a Redis that is away
/// makes calls fail, and the next call tries again.
public final class RedisMetadataStore implements MetadataStore {
  /// How long a call waits for Redis.
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(5);
  /// How many batches of entries of ended leases one call of this store clears away at most.
  private static final int SWEEPS_MAX = 20;

  private final RedisAddress address;
  private final Scripts scripts;
  private final Subscription subscription;

  private RedisMetadataStore(RedisAddress address, Duration timeout) {
    this.address = address;
    this.scripts = new Scripts(address, timeout);
    this.subscription = new Subscription(address, scripts, timeout);
  }

  /// Makes no connection yet.
  public static RedisMetadataStore open(RedisAddress address) {
    return open(address, TIMEOUT_DEFAULT);
  }

  /// @param timeout
  ///          how long a call waits for a connection and for an answer
  public static RedisMetadataStore open(RedisAddress address, Duration timeout) {
    return new RedisMetadataStore(address, timeout);
  }

  @Override
  public void join(WorkerInfo worker, Duration lease)
      throws MetadataException, InterruptedException {
    var millis = MetadataStore.checkLease(lease).toMillis();
    var answer = strings(scripts.call(Script.JOIN, worker.id().name(), incarnation(worker.id()),
        Long.toString(millis), line(worker.address().host()),
        Integer.toString(worker.address().port()), line(worker.host()),
        Long.toString(worker.pid()), Integer.toString(worker.threads())));
    if (answer[0].equals("taken")) {
      answer[0] = worker.id().name();
      throw NameTakenException.of(Published.worker(answer, 0),
          Duration.ofMillis(Long.parseLong(answer[7])));
    }
    sweep();
  }

  @Override
  public void renew(WorkerId worker) throws MetadataException, InterruptedException {
    checkLease(worker, scripts.call(Script.RENEW, worker.name(), incarnation(worker)));
    sweep();
  }

  @Override
  public void leave(WorkerId worker) throws MetadataException, InterruptedException {
    scripts.call(Script.LEAVE, worker.name(), incarnation(worker));
    sweep();
  }

  @Override
  public void register(WorkerId worker, List<Entry> entries)
      throws MetadataException, InterruptedException {
    var calls = new ArrayList<List<String>>();
    for (var batch : Batches.ofEntries(entries)) {
      var arguments = arguments(worker);
      for (var entry : batch) {
        arguments.add(entry.key().text());
        arguments.add(Long.toString(entry.sizeBytes()));
      }
      calls.add(arguments);
    }
    for (var answer : scripts.call(Script.REGISTER, calls)) {
      checkLease(worker, answer);
    }
  }

  @Override
  public void unregister(WorkerId worker, List<Key> keys)
      throws MetadataException, InterruptedException {
    var calls = new ArrayList<List<String>>();
    for (var batch : Batches.ofKeys(keys)) {
      var arguments = arguments(worker);
      batch.forEach(key -> arguments.add(key.text()));
      calls.add(arguments);
    }
    scripts.call(Script.UNREGISTER, calls);
  }

  @Override
  public Map<Key, List<Holder>> whoHas(Collection<Key> keys)
      throws MetadataException, InterruptedException {
    var batches = Batches.ofKeys(List.copyOf(new LinkedHashSet<>(keys)));
    var calls = new ArrayList<List<String>>();
    for (var batch : batches) {
      var arguments = new ArrayList<String>();
      arguments.add(Integer.toString(HOLDERS_MAX));
      batch.forEach(key -> arguments.add(key.text()));
      calls.add(arguments);
    }
    var found = LinkedHashMap.<Key, List<Holder>>newLinkedHashMap(keys.size());
    var answers = scripts.call(Script.WHOHAS, calls);
    for (var i = 0; i < answers.size(); i++) {
      addHolders(batches.get(i), (List<?>) answers.get(i), found);
    }
    found.replaceAll((_, holders) -> List.copyOf(holders));
    return found;
  }

  private static void addHolders(List<Key> keys, List<?> answer, Map<Key, List<Holder>> found) {
    var workers = strings(answer.get(0));
    var holders = strings(answer.get(1));
    for (var i = 0; i < holders.length; i += 3) {
      var worker = Integer.parseInt(holders[i + 1]) * 5;
      found.computeIfAbsent(keys.get(Integer.parseInt(holders[i])), _ -> new ArrayList<>(1))
          .add(new Holder(new WorkerId(workers[worker], Long.parseLong(workers[worker + 1])),
              new Address(workers[worker + 2], Integer.parseInt(workers[worker + 3])),
              workers[worker + 4], Long.parseLong(holders[i + 2])));
    }
  }

  @Override
  public Inventory hasWhat(String worker, Optional<Key> after, int limit)
      throws MetadataException, InterruptedException {
    MetadataStore.checkLimit(limit);
    var answer = strings(scripts.call(Script.HASWHAT, worker,
        after.map(key -> "(" + key.text()).orElse("-"), Integer.toString(limit + 1)));
    var entries = new ArrayList<Entry>();
    for (var i = 0; i < answer.length && entries.size() < limit; i += 2) {
      entries.add(new Entry(Key.of(answer[i]), Long.parseLong(answer[i + 1])));
    }
    return new Inventory(List.copyOf(entries), answer.length / 2 > limit);
  }

  @Override
  public List<WorkerInfo> workers() throws MetadataException, InterruptedException {
    var workers = new TreeMap<String, WorkerInfo>();
    var cursor = "0";
    do {
      var page = strings(scripts.call(Script.WORKERS, cursor));
      for (var i = 1; i < page.length; i += 7) {
        workers.put(page[i], Published.worker(page, i));
      }
      cursor = page[0];
    } while (!cursor.equals("0"));
    return List.copyOf(workers.values());
  }

  @Override
  public Watch watch(String prefix) throws MetadataException, InterruptedException {
    return subscription.watch(prefix);
  }

  @Override
  public void close() {
    subscription.close();
    scripts.close();
  }

  /// Clears away some of what ended leases left behind. Nobody sees that in answers, so a bound on
  /// the work is all that matters; others clear away the rest.
  private void sweep() throws MetadataUnavailableException, InterruptedException {
    scripts.sweep(SWEEPS_MAX);
  }

  private static List<String> arguments(WorkerId worker) {
    var arguments = new ArrayList<String>();
    arguments.add(worker.name());
    arguments.add(incarnation(worker));
    return arguments;
  }

  private static String incarnation(WorkerId worker) {
    return Long.toString(worker.incarnation());
  }

  private static void checkLease(WorkerId worker, Object answer) throws LeaseLostException {
    if (answer.equals(0L)) {
      throw LeaseLostException.of(worker);
    }
  }

  /// Tabs and line ends separate what is published.
  private static String line(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String[] strings(Object list) {
    return ((List<?>) list).stream().map(String::valueOf).toArray(String[]::new);
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
