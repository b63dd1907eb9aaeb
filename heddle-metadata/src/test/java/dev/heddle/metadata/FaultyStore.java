package dev.heddle.metadata;

import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.Message.Inventory;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A store that a test switches off, slows down, or replaces by an empty one.
final class FaultyStore implements MetadataStore {
  volatile boolean away;
  volatile CountDownLatch registrations = new CountDownLatch(0);
  private volatile MetadataStore store;

  FaultyStore(MetadataStore store) {
    this.store = store;
  }

  void replace(MetadataStore other) {
    var old = store;
    store = other;
    old.close();
  }

  private MetadataStore reached() throws MetadataUnavailableException {
    if (away) {
      throw new MetadataUnavailableException("switched off by the test", null);
    }
    return store;
  }

  @Override
  public void join(WorkerInfo worker, Duration lease)
      throws MetadataException, InterruptedException {
    reached().join(worker, lease);
  }

  @Override
  public void renew(WorkerId worker) throws MetadataException, InterruptedException {
    reached().renew(worker);
  }

  @Override
  public void leave(WorkerId worker) throws MetadataException, InterruptedException {
    reached().leave(worker);
  }

  @Override
  public void register(WorkerId worker, List<Entry> entries)
      throws MetadataException, InterruptedException {
    registrations.await();
    reached().register(worker, entries);
  }

  @Override
  public void unregister(WorkerId worker, List<Key> keys)
      throws MetadataException, InterruptedException {
    reached().unregister(worker, keys);
  }

  @Override
  public Map<Key, List<Holder>> whoHas(Collection<Key> keys)
      throws MetadataException, InterruptedException {
    return reached().whoHas(keys);
  }

  @Override
  public Inventory hasWhat(String worker, Optional<Key> after, int limit)
      throws MetadataException, InterruptedException {
    return reached().hasWhat(worker, after, limit);
  }

  @Override
  public List<WorkerInfo> workers() throws MetadataException, InterruptedException {
    return reached().workers();
  }

  @Override
  public Watch watch(String prefix) throws MetadataException, InterruptedException {
    return reached().watch(prefix);
  }

  @Override
  public void close() {
    store.close();
  }
}
