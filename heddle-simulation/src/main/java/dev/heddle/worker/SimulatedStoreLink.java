package dev.heddle.worker;

import dev.heddle.metadata.Inventory;
import dev.heddle.metadata.MetadataEvent;
import dev.heddle.metadata.SimulatedRegistrar;
import dev.heddle.metadata.SimulatedRegistrar.Next;
import dev.heddle.simulation.SimulatedClock;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.simulation.StoreAccess;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// A worker's link to the store, as the real one is: a registrar and a locator, each with one call at a
/// time.
final class SimulatedStoreLink {
  /// The worker that it is of.
  interface Owner {
    boolean isAlive();

    void joined();

    void report(WorkerEvent event);

    /// The lease has ended because the worker wanted so.
    void left();
  }

  static final long LEASE_MILLIS = 1_500;

  private final SimulatedClock clock;
  private final StoreAccess store;
  private final Consumer<String> note;
  private final WorkerInfo info;
  private final Owner owner;
  private final SimulatedRegistrar registrar;
  private final Set<Key> toLocate = new LinkedHashSet<>();
  private boolean locating;
  private boolean registering;
  private long wakeAtMillis = Long.MAX_VALUE;

  /// @param keysMax how many keys one call to the store has at most
  SimulatedStoreLink(SimulatedClock clock, StoreAccess store, Consumer<String> note, int keysMax,
      WorkerInfo info, WorkerState core, Owner owner) {
    this.clock = clock;
    this.store = store;
    this.note = note;
    this.info = info;
    this.owner = owner;
    this.registrar = new SimulatedRegistrar(info, LEASE_MILLIS, keysMax, inventoryOf(core),
        clock.millis());
  }

  private static Inventory inventoryOf(WorkerState core) {
    return new Inventory() {
      @Override
      public Iterator<Entry> entries() {
        return core.tellInventory().iterator();
      }

      @Override
      public boolean holds(Key key) {
        return core.state(key) instanceof KeyState.Stored;
      }
    };
  }

  /// Whether there is nothing left to tell or to ask.
  boolean isIdle() {
    return registrar.isIdle() && !locating;
  }

  // --- telling

  void register(List<Entry> entries) {
    registrar.register(entries);
    goOnRegistering();
  }

  void unregister(List<Key> keys) {
    registrar.unregister(keys);
    goOnRegistering();
  }

  void leave() {
    registrar.close(clock.millis() + 1_000);
    goOnRegistering();
  }

  /// Does what is next, unless a call is under way.
  void goOnRegistering() {
    if (registering || !owner.isAlive()) {
      return;
    }
    switch (registrar.next(clock.millis())) {
      case Next.End() -> owner.left();
      case Next.Wait(var until) -> {
        if (until < wakeAtMillis || wakeAtMillis <= clock.millis()) {
          wakeAtMillis = until;
          clock.after(Math.max((until - clock.millis()) * SimulatedTime.MILLI, 1), this::wake);
        }
      }
      case Next.Make(var call) -> {
        registering = true;
        store.call((state, now) -> {
          note.accept(info.id() + " -- the store does: " + call);
          return call.on(state, now);
        }, answer -> heard(answer.arrived(clock.millis())),
            reason -> heard(call.failed(reason, clock.millis())));
      }
    }
  }

  private void wake() {
    wakeAtMillis = Long.MAX_VALUE;
    goOnRegistering();
  }

  private void heard(List<MetadataEvent> events) {
    for (var event : events) {
      if (owner.isAlive()) {
        happened(event);
      }
    }
    registering = false;
    goOnRegistering();
  }

  private void happened(MetadataEvent event) {
    switch (event) {
      case MetadataEvent.Joined() -> owner.joined();
      case MetadataEvent.NameTaken _ -> {
        // It is tried again.
      }
      case MetadataEvent.Registered(var keys) -> owner.report(new WorkerEvent.Registered(keys));
      case MetadataEvent.Away(var reason) -> owner.report(new WorkerEvent.StoreAway(reason));
      case MetadataEvent.Back() -> owner.report(new WorkerEvent.StoreBack());
      case MetadataEvent.Located _,MetadataEvent.LocateFailed _ ->
        throw new IllegalStateException("not by a registrar: " + event);
    }
  }

  // --- asking

  void locate(List<Key> keys) {
    toLocate.addAll(keys);
    goOnLocating();
  }

  private void goOnLocating() {
    if (locating || toLocate.isEmpty()) {
      return;
    }
    locating = true;
    var keys = List.copyOf(toLocate);
    toLocate.clear();
    if (registrar.away().isPresent()) {
      clock.after(1_000, () -> located(new WorkerEvent.LocateFailed(keys,
          registrar.away().orElse("it was away"))));
      return;
    }
    store.call((state, now) -> store.whoHas(state, keys, now),
        holders -> located(new WorkerEvent.Located(keys, holders)), reason -> {
          registrar.suspect(clock.millis());
          goOnRegistering();
          located(new WorkerEvent.LocateFailed(keys, reason));
        });
  }

  private void located(WorkerEvent event) {
    locating = false;
    if (owner.isAlive()) {
      owner.report(event);
      goOnLocating();
    }
  }
}
