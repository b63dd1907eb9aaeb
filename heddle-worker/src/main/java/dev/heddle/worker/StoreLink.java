package dev.heddle.worker;

import dev.heddle.metadata.Inventory;
import dev.heddle.metadata.MetadataEvent;
import dev.heddle.metadata.MetadataException;
import dev.heddle.metadata.MetadataProcess;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.MetadataUnavailableException;
import dev.heddle.metadata.NameTakenException;
import dev.heddle.process.Channel;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.Received;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import dev.heddle.worker.WorkerEvent.LocateFailed;
import dev.heddle.worker.WorkerEvent.Located;
import dev.heddle.worker.WorkerEvent.Registered;
import dev.heddle.worker.WorkerEvent.StoreAway;
import dev.heddle.worker.WorkerEvent.StoreBack;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Between the core and the store: hands the core's words to the [MetadataProcess], and its events
/// to the core.
final class StoreLink {
  private static final Logger log = LoggerFactory.getLogger(StoreLink.class);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(10);

  private final MetadataStore store;
  private final WorkerInfo worker;
  private final Duration lease;
  private final ProcessScope scope;
  /// What came of the first attempt to join.
  private final Channel<MetadataEvent> joining;
  private final AtomicReference<@Nullable MetadataProcess> process = new AtomicReference<>();
  private volatile @Nullable Control control;
  private volatile boolean starting = true;

  StoreLink(MetadataStore store, WorkerInfo worker, Duration lease, ProcessScope scope) {
    this.store = store;
    this.worker = worker;
    this.lease = lease;
    this.scope = scope;
    this.joining = Channel.bounded("joining " + worker.id(), 1);
  }

  /// Joins, and waits until that is done.
  ///
  /// @throws NameTakenException if another worker has the name
  /// @throws MetadataUnavailableException if the store cannot be reached
  void start(Control to) throws MetadataException, InterruptedException {
    control = to;
    process.set(MetadataProcess.start(scope, store, worker, lease, inventoryOf(to),
        this::happened));
    switch (joining.receiveOrDone(JOIN_TIMEOUT)) {
      case Received.Item(MetadataEvent.Joined()) -> log.debug("joined {}", store);
      case Received.Item(MetadataEvent.NameTaken(var message)) ->
        throw new NameTakenException(message);
      case Received.Item(MetadataEvent.Away(var reason)) ->
        throw new MetadataUnavailableException(reason, null);
      case Received.Item(var other) -> throw new IllegalStateException("joined by " + other);
      case Received.Done<?> _,Received.TimedOut<?> _ -> throw new MetadataUnavailableException(
          "the metadata store did not take the worker " + worker.id() + " within "
              + JOIN_TIMEOUT.toSeconds() + " s; is it overloaded? Try: heddle ping ADDRESS",
          null);
    }
  }

  private static Inventory inventoryOf(Control control) {
    return new Inventory() {
      @Override
      public Iterator<Entry> entries() {
        return control.tellInventory().iterator();
      }

      @Override
      public boolean holds(Key key) {
        return control.holds(key);
      }
    };
  }

  private void happened(MetadataEvent event) {
    var to = control;
    if (to == null) {
      return;
    }
    switch (event) {
      case MetadataEvent.Joined() -> {
        if (!isStarting(event)) {
          log.info("the worker {} has joined again", worker.id());
          to.report(new StoreBack());
        }
      }
      case MetadataEvent.NameTaken(var message) -> {
        if (!isStarting(event)) {
          log.error("the worker {} lost its lease, and meanwhile its name: {}", worker.id(),
              message);
          to.report(new StoreAway(message)); // Else whoever waits for a registration hangs.
        }
      }
      case MetadataEvent.Away(var reason) -> {
        if (!isStarting(event)) {
          log.warn("the metadata store is away: {}. Values are served and computed on as before;"
              + " registrations wait", reason);
          to.report(new StoreAway(reason));
        }
      }
      case MetadataEvent.Back() -> {
        log.info("the metadata store is back");
        to.report(new StoreBack());
      }
      case MetadataEvent.Registered(var keys) -> to.report(new Registered(keys));
      case MetadataEvent.Located(var holders) ->
        to.report(new Located(List.copyOf(holders.keySet()), holders));
      case MetadataEvent.LocateFailed(var keys, var reason) ->
        to.report(new LocateFailed(keys, reason));
    }
  }

  /// Whether somebody waits in [#start], who is told then.
  private boolean isStarting(MetadataEvent event) {
    if (starting) {
      starting = false;
      return joining.offer(event);
    }
    return false;
  }

  private MetadataProcess process() {
    if (process.get() instanceof MetadataProcess started) {
      return started;
    }
    throw new IllegalStateException("the store is asked before the worker has started");
  }

  void register(List<Entry> entries) {
    process().register(entries);
  }

  void unregister(List<Key> keys) {
    process().unregister(keys);
  }

  void locate(List<Key> keys) {
    if (!process().locate(keys) && control instanceof Control to) {
      scope.start(worker.id() + "/locate-failed", Kind.VIRTUAL, () -> to.report(
          new LocateFailed(keys, "too many keys are being looked for at once; ask again later")));
    }
  }

  /// Ends the lease, with everything that it covers.
  void leave() {
    if (process.get() instanceof MetadataProcess started) {
      started.close();
    }
  }
}
