package dev.heddle.worker;

import dev.heddle.metadata.Inventory;
import dev.heddle.metadata.MetadataEvent;
import dev.heddle.metadata.SimulatedRegistrar;
import dev.heddle.metadata.SimulatedRegistrar.Next;
import dev.heddle.simulation.SimulatedStore;
import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

  private final Simulation world;
  private final SimulatedTime time;
  private final SimulatedStore store;
  private final WorkerInfo info;
  private final Owner owner;
  private final SimulatedRegistrar registrar;
  private final Set<Key> toLocate = new LinkedHashSet<>();
  private boolean locating;
  private boolean registering;
  private long wakeAtMillis = Long.MAX_VALUE;

  SimulatedStoreLink(Simulation world, WorkerInfo info, WorkerState core, Owner owner) {
    this.world = world;
    this.time = world.time;
    this.store = world.store;
    this.info = info;
    this.owner = owner;
    this.registrar = new SimulatedRegistrar(info, LEASE_MILLIS, 3 + time.below(20),
        inventoryOf(core), time.millis());
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
    registrar.close(time.millis() + 1_000);
    goOnRegistering();
  }

  /// Does what is next, unless a call is under way.
  void goOnRegistering() {
    if (registering || !owner.isAlive()) {
      return;
    }
    switch (registrar.next(time.millis())) {
      case Next.End() -> owner.left();
      case Next.Wait(var until) -> {
        if (until < wakeAtMillis || wakeAtMillis <= time.millis()) {
          wakeAtMillis = until;
          time.at(Math.max(until * SimulatedTime.MILLI, time.now() + 1), this::wake);
        }
      }
      case Next.Make(var call) -> {
        registering = true;
        store.call((state, now) -> {
          world.trace.note(time.now(), info.id() + " -- the store does: " + call);
          return call.on(state, now);
        }, answer -> heard(answer.arrived(time.millis())),
            reason -> heard(call.failed(reason, time.millis())));
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
      time.after(1_000, () -> located(new WorkerEvent.LocateFailed(keys,
          registrar.away().orElse("it was away"))));
      return;
    }
    store.call((state, now) -> state.whoHas(keys, now),
        holders -> located(new WorkerEvent.Located(keys, holders)), reason -> {
          registrar.suspect(time.millis());
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
