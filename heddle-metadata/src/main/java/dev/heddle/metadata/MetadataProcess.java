package dev.heddle.metadata;

import dev.heddle.metadata.MetadataQueue.Batch;
import dev.heddle.process.Kind;
import dev.heddle.process.NamedProcess;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A worker's link to the store: keeps its lease, tells the store what it has, asks who has what.
///
/// Two processes, so that an answer never waits behind registrations: *registrar*, which owns
/// the lease, and *locate*. What either is asked is kept, one word a key, until it gets to it, and
/// then goes to the store in one call. [#register], [#unregister] and [#locate] never block, and any
/// thread may call them; events come on the two processes.
///
/// While the store is away, registrations wait (or, when there are too many, everything is told
/// anew later), and locating fails at once with the reason.
public final class MetadataProcess implements AutoCloseable {
  /// How many keys may wait for either process.
  public static final int KEYS_MAX = 100_000;
  /// A lease that survives a long pause of the worker, and not much more.
  public static final Duration LEASE_DEFAULT = Duration.ofSeconds(6);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final int LOCATED_MAX = 5_000;
  private static final Batch NOTHING = new Batch(List.of(), List.of());

  /// Takes what happened. May block: what comes after waits.
  @FunctionalInterface
  public interface Events {
    void happened(MetadataEvent event) throws InterruptedException;
  }

  private final MetadataStore store;
  private final WorkerInfo worker;
  private final Duration lease;
  private final Registrar registrar;
  private final Events events;
  private final ProcessScope scope;
  private final NamedProcess registering;
  private final long epochNanos = System.nanoTime();
  private volatile @Nullable String away;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition asked = lock.newCondition();
  // Guarded by the lock.
  private final MetadataQueue queue;
  private final RegistrarState state;
  private final Set<Key> toLocate = new LinkedHashSet<>();

  private MetadataProcess(ProcessScope scope, MetadataStore store, WorkerInfo worker,
      Duration lease, Inventory inventory, Events events, int keysMax) {
    this.scope = scope;
    this.store = store;
    this.worker = worker;
    this.lease = MetadataStore.checkLease(lease);
    this.events = events;
    this.queue = new MetadataQueue(keysMax);
    this.state = new RegistrarState(worker.id(), lease.toMillis(), queue, now());
    this.registrar = new Registrar(inventory);
    var name = worker.id().name();
    this.registering = scope.start(name + "/registrar", Kind.VIRTUAL, registrar::run);
    scope.start(name + "/locate", Kind.VIRTUAL, this::locate);
  }

  /// Starts both processes as a part of `parent`. The store stays the caller's to close.
  public static MetadataProcess start(ProcessScope parent, MetadataStore store, WorkerInfo worker,
      Duration lease, Inventory inventory, Events events) {
    return start(parent, store, worker, lease, inventory, events, KEYS_MAX);
  }

  static MetadataProcess start(ProcessScope parent, MetadataStore store, WorkerInfo worker,
      Duration lease, Inventory inventory, Events events, int keysMax) {
    return new MetadataProcess(parent.nest(worker.id().name() + "/metadata"), store, worker,
        lease, inventory, events, keysMax);
  }

  /// The worker has these values now. To be called once [Inventory] tells of them.
  public void register(Collection<Entry> entries) {
    lock.lock();
    try {
      queue.register(entries);
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /// The worker no longer has these. To be called once [Inventory] no longer tells of them.
  public void unregister(Collection<Key> keys) {
    lock.lock();
    try {
      queue.unregister(keys);
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Who has these? Answered by [MetadataEvent.Located] or [MetadataEvent.LocateFailed], keys
  /// gathered and divided differently than they were asked.
  ///
  /// @return false if more than [#KEYS_MAX] keys would wait: none of `keys` is looked for
  public boolean locate(Collection<Key> keys) {
    lock.lock();
    try {
      if (toLocate.size() + keys.size() > KEYS_MAX) {
        return false;
      }
      toLocate.addAll(keys);
      asked.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Sends what is queued, ends the lease, and ends both processes; within 5 s.
  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }

  /// Sends what is queued, ends the lease, and ends both processes; what a store that is away or
  /// slow does not take within `timeout` goes with the lease.
  public void close(Duration timeout) {
    lock.lock();
    try {
      state.close(now() + timeout.toMillis());
      news.signal();
    } finally {
      lock.unlock();
    }
    try {
      registering.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      scope.close();
    }
  }

  private long now() {
    return (System.nanoTime() - epochNanos) / 1_000_000;
  }

  // --- locate

  private void locate() throws InterruptedException {
    while (true) {
      var keys = takeAsked();
      events.happened(away instanceof String reason
          ? new MetadataEvent.LocateFailed(keys, reason)
          : located(keys));
    }
  }

  private List<Key> takeAsked() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (toLocate.isEmpty()) {
        asked.await();
      }
      var keys = new ArrayList<Key>(Math.min(toLocate.size(), LOCATED_MAX));
      var rest = toLocate.iterator();
      while (rest.hasNext() && keys.size() < LOCATED_MAX) {
        keys.add(rest.next());
        rest.remove();
      }
      return keys;
    } finally {
      lock.unlock();
    }
  }

  private MetadataEvent located(List<Key> keys) throws InterruptedException {
    try {
      var found = store.whoHas(keys);
      Map<Key, List<Holder>> holders = LinkedHashMap.newLinkedHashMap(keys.size());
      keys.forEach(key -> holders.put(key, found.getOrDefault(key, List.of())));
      return new MetadataEvent.Located(holders);
    } catch (MetadataException e) {
      lock.lock();
      try {
        state.suspect(now());
        news.signal();
      } finally {
        lock.unlock();
      }
      return new MetadataEvent.LocateFailed(keys, e.getMessage());
    }
  }

  // --- registrar

  /// Carries out what [RegistrarState] says, step by step.
  private final class Registrar {
    private final Inventory inventory;
    private final InventoryPages pages;

    Registrar(Inventory inventory) {
      this.inventory = inventory;
      this.pages = new InventoryPages(inventory);
    }

    void run() throws InterruptedException {
      while (true) {
        switch (next()) {
          case RegistrarState.Step.Join _ -> join();
          case RegistrarState.Step.Renew _ -> attempt(NOTHING, () -> {
            store.renew(worker.id());
            return () -> state.renewed(now());
          });
          case RegistrarState.Step.Reconcile(var run) -> attempt(NOTHING, () -> {
            var last = dropPage(pages.in(run));
            return last ? state::reconciled : state::answered;
          });
          case RegistrarState.Step.Tell(var run) -> tellPage(pages.in(run));
          case RegistrarState.Step.Send(var batch) -> send(batch);
          case RegistrarState.Step.Wait _ -> throw new IllegalStateException("waited for already");
          case RegistrarState.Step.Leave _ -> leave();
          case RegistrarState.Step.End _ -> {
            return;
          }
        }
      }
    }

    /// Waits until there is something to do.
    private RegistrarState.Step next() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (true) {
          var step = state.next(now());
          if (!(step instanceof RegistrarState.Step.Wait(var until))) {
            return step;
          }
          // However it wakes, the state says what is next.
          var _ = news.await(until - now(), TimeUnit.MILLISECONDS);
        }
      } finally {
        lock.unlock();
      }
    }

    private void join() throws InterruptedException {
      try {
        store.join(worker, lease);
        answered(() -> state.joined(now()));
        events.happened(new MetadataEvent.Joined());
      } catch (NameTakenException e) {
        answered(() -> state.nameTaken(now()));
        events.happened(new MetadataEvent.NameTaken(e.getMessage()));
      } catch (MetadataException e) {
        unavailable(NOTHING, e);
      }
    }

    private boolean dropPage(InventoryPages pages) throws MetadataException, InterruptedException {
      var page = store.hasWhat(worker.id().name(), pages.after(), MetadataStore.PAGE_MAX);
      var gone = page.entries().stream().map(Entry::key).filter(key -> !inventory.holds(key))
          .toList();
      if (!gone.isEmpty()) {
        store.unregister(worker.id(), gone);
      }
      pages.advance(page);
      return !page.more();
    }

    private void tellPage(InventoryPages pages) throws InterruptedException {
      var page = new Batch(pages.nextPage(), List.of());
      var registered = attempt(page, () -> {
        store.register(worker.id(), page.registered());
        return pages.hasNext() ? state::answered : state::told;
      });
      if (registered) {
        sayRegistered(page);
      }
    }

    private void send(Batch batch) throws InterruptedException {
      var sent = attempt(batch, () -> {
        if (!batch.registered().isEmpty()) {
          store.register(worker.id(), batch.registered());
        }
        if (!batch.unregistered().isEmpty()) {
          store.unregister(worker.id(), batch.unregistered());
        }
        return state::answered;
      });
      if (sent) {
        sayRegistered(batch);
      }
    }

    private void sayRegistered(Batch batch) throws InterruptedException {
      List<Key> keys;
      lock.lock();
      try {
        keys = queue.settled(batch);
      } finally {
        lock.unlock();
      }
      if (!keys.isEmpty()) {
        events.happened(new MetadataEvent.Registered(keys));
      }
    }

    private void leave() throws InterruptedException {
      try {
        store.leave(worker.id());
      } catch (MetadataException e) {
        // The lease ends by itself; the owner is told why it did not end now.
        unavailable(NOTHING, e);
      }
      answeredQuietly(state::left);
    }

    private boolean attempt(Batch batch, Attempt attempt) throws InterruptedException {
      try {
        answered(attempt.make());
        return true;
      } catch (LeaseLostException e) {
        answered(() -> {
          queue.putBack(batch);
          state.leaseLost();
        });
      } catch (MetadataException e) {
        unavailable(batch, e);
      }
      return false;
    }

    private void answered(Runnable outcome) throws InterruptedException {
      answeredQuietly(outcome);
      if (away != null) {
        away = null;
        events.happened(new MetadataEvent.Back());
      }
    }

    private void answeredQuietly(Runnable outcome) {
      lock.lock();
      try {
        outcome.run();
      } finally {
        lock.unlock();
      }
    }

    private void unavailable(Batch untold, MetadataException e) throws InterruptedException {
      answeredQuietly(() -> state.unavailable(untold, now()));
      var wasAway = away != null;
      away = e.getMessage();
      if (!wasAway) {
        events.happened(new MetadataEvent.Away(e.getMessage()));
      }
    }
  }

  /// Something asked of the store.
  private interface Attempt {
    /// @return what that means to the state
    Runnable make() throws MetadataException, InterruptedException;
  }
}
