package dev.heddle.metadata;

import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The store in this process's memory. It starts empty, and what it knows ends with it: workers
/// fill the next one again.
///
/// Callers enter [MetadataState] one at a time and never wait for anything else in there; a process
/// of its own ends the leases that are due, and otherwise sleeps.
public final class EmbeddedMetadataStore implements MetadataStore {
  private final ReentrantLock turn = new ReentrantLock();
  private final Condition expiryMoved = turn.newCondition();
  private final ProcessScope scope;
  private final long epochNanos = System.nanoTime();

  // All below belongs to whoever has the turn.
  private final MetadataState state = new MetadataState();
  private final List<WatchBuffer> watches = new ArrayList<>();
  private long wakeAt = Long.MAX_VALUE;
  private boolean closed;

  private EmbeddedMetadataStore(ProcessScope scope) {
    this.scope = scope;
  }

  /// A store that ends leases by itself until it is closed.
  public static EmbeddedMetadataStore open() {
    return open(ProcessScope.open("metadata"));
  }

  /// A store whose process is a part of `parent`.
  public static EmbeddedMetadataStore partOf(ProcessScope parent) {
    return open(parent.nest("metadata"));
  }

  private static EmbeddedMetadataStore open(ProcessScope scope) {
    var store = new EmbeddedMetadataStore(scope);
    scope.start("metadata/leases", Kind.VIRTUAL, store::endLeases);
    return store;
  }

  private void endLeases() throws InterruptedException {
    turn.lockInterruptibly();
    try {
      while (!closed) {
        state.tick(now());
        publish();
        wakeAt = state.nextExpiry().orElse(Long.MAX_VALUE);
        if (wakeAt == Long.MAX_VALUE) {
          expiryMoved.await();
        } else if (!expiryMoved.await(wakeAt - now(), TimeUnit.MILLISECONDS)) {
          wakeAt = Long.MAX_VALUE;
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private long now() {
    return (System.nanoTime() - epochNanos) / 1_000_000;
  }

  private void enter() throws MetadataUnavailableException {
    turn.lock();
    if (closed) {
      turn.unlock();
      throw new MetadataUnavailableException(
          "the embedded metadata store of this process was closed", null);
    }
  }

  private void exit() {
    publish();
    // Renewals only move expiries away, so the sleeper is woken for shorter ones alone.
    if (state.nextExpiry().orElse(Long.MAX_VALUE) < wakeAt) {
      expiryMoved.signal();
    }
    turn.unlock();
  }

  private void publish() {
    var changes = state.takeChanges();
    if (!changes.isEmpty()) {
      watches.forEach(watch -> watch.offer(changes));
    }
  }

  @Override
  public void join(WorkerInfo worker, Duration lease)
      throws NameTakenException, MetadataUnavailableException {
    var leaseMillis = MetadataStore.checkLease(lease).toMillis();
    enter();
    try {
      state.join(worker, leaseMillis, now());
    } finally {
      exit();
    }
  }

  @Override
  public void renew(WorkerId worker) throws LeaseLostException, MetadataUnavailableException {
    enter();
    try {
      state.renew(worker, now());
    } finally {
      exit();
    }
  }

  @Override
  public void leave(WorkerId worker) throws MetadataUnavailableException {
    enter();
    try {
      state.leave(worker, now());
    } finally {
      exit();
    }
  }

  @Override
  public void register(WorkerId worker, List<Entry> entries)
      throws LeaseLostException, MetadataUnavailableException {
    enter();
    try {
      state.register(worker, entries, now());
    } finally {
      exit();
    }
  }

  @Override
  public void unregister(WorkerId worker, List<Key> keys) throws MetadataUnavailableException {
    enter();
    try {
      state.unregister(worker, keys, now());
    } finally {
      exit();
    }
  }

  @Override
  public Map<Key, List<Holder>> whoHas(Collection<Key> keys) throws MetadataUnavailableException {
    enter();
    try {
      return state.whoHas(keys, now());
    } finally {
      exit();
    }
  }

  @Override
  public Inventory hasWhat(String worker, Optional<Key> after, int limit)
      throws MetadataUnavailableException {
    MetadataStore.checkLimit(limit);
    enter();
    try {
      return state.hasWhat(worker, after, limit, now());
    } finally {
      exit();
    }
  }

  @Override
  public List<WorkerInfo> workers() throws MetadataUnavailableException {
    enter();
    try {
      return state.workers(now());
    } finally {
      exit();
    }
  }

  @Override
  public WatchBuffer watch(String prefix) throws MetadataUnavailableException {
    var watch = new WatchBuffer(prefix, this::unwatch);
    enter();
    try {
      // What was due before the watch was made is none of its business.
      state.tick(now());
      publish();
      watches.add(watch);
      state.record(true);
    } finally {
      exit();
    }
    return watch;
  }

  /// How much there is.
  ///
  /// @param keys that somebody has
  public record Counts(int workers, int keys, int watches) {}

  /// How much there is now; all 0 once it was closed.
  public Counts counts() {
    turn.lock();
    try {
      state.tick(now());
      publish();
      return closed
          ? new Counts(0, 0, 0)
          : new Counts(state.workerCount(), state.keyCount(), watches.size());
    } finally {
      turn.unlock();
    }
  }

  private void unwatch(WatchBuffer watch) {
    turn.lock();
    try {
      watches.remove(watch);
      state.record(!watches.isEmpty());
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    List<WatchBuffer> toClose;
    turn.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      toClose = List.copyOf(watches);
      expiryMoved.signal();
    } finally {
      turn.unlock();
    }
    toClose.forEach(watch -> watch.close("the embedded metadata store of this process was closed"));
    scope.close();
  }
}
