package dev.heddle.metadata;

import dev.heddle.metadata.MetadataQueue.Batch;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Entry;
import dev.heddle.wire.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// [MetadataProcess] without its threads and its store: the same [RegistrarState] and
/// [MetadataQueue], one call at a time, each carried out and answered when the simulation says so.
public final class SimulatedRegistrar {
  private static final Batch NOTHING = new Batch(List.of(), List.of());

  /// What is to be done now.
  public sealed interface Next {
    record Make(Call call) implements Next {}

    record Wait(long untilMillis) implements Next {}

    record End() implements Next {}
  }

  /// A call to the store.
  public interface Call {
    /// The store does it.
    ///
    /// @return what the answer says
    Answer on(MetadataState store, long nowMillis);

    /// The answer did not come.
    List<MetadataEvent> failed(String reason, long nowMillis);
  }

  /// What a worker makes of an answer when it comes.
  public interface Answer {
    List<MetadataEvent> arrived(long nowMillis);
  }

  private interface Attempt {
    /// @return what that means to the state
    Outcome on(MetadataState store, long nowMillis) throws MetadataException;
  }

  private interface Outcome {
    /// @return what else there is to tell
    List<MetadataEvent> applied(long nowMillis);
  }

  private final WorkerInfo worker;
  private final long leaseMillis;
  private final Inventory inventory;
  private final MetadataQueue queue;
  private final RegistrarState state;
  private final InventoryPages pages;
  private Optional<String> away = Optional.empty();
  private boolean joined;

  public SimulatedRegistrar(WorkerInfo worker, long leaseMillis, int keysMax, Inventory inventory,
      long nowMillis) {
    this.worker = worker;
    this.leaseMillis = leaseMillis;
    this.inventory = inventory;
    this.queue = new MetadataQueue(keysMax);
    this.state = new RegistrarState(worker.id(), leaseMillis, queue, nowMillis);
    this.pages = new InventoryPages(inventory);
  }

  public void register(List<Entry> entries) {
    queue.register(entries);
  }

  public void unregister(List<Key> keys) {
    queue.unregister(keys);
  }

  public void close(long byMillis) {
    state.close(byMillis);
  }

  public void suspect(long nowMillis) {
    state.suspect(nowMillis);
  }

  /// Why the store does not answer.
  public Optional<String> away() {
    return away;
  }

  /// Whether the store knows all that it was to be told.
  public boolean isIdle() {
    return joined && queue.isEmpty() && away.isEmpty();
  }

  public Next next(long nowMillis) {
    return switch (state.next(nowMillis)) {
      case RegistrarState.Step.Join() -> new Next.Make(join());
      case RegistrarState.Step.Renew() -> make("renew", NOTHING, (store, now) -> {
        store.renew(worker.id(), now);
        return then(() -> {}, later -> state.renewed(later));
      });
      case RegistrarState.Step.Reconcile(var run) -> make("reconcile", NOTHING, (store, now) -> {
        var page = store.hasWhat(worker.id().name(), pages.in(run).after(), MetadataStore.PAGE_MAX,
            now);
        var gone = page.entries().stream().map(Entry::key).filter(key -> !inventory.holds(key))
            .toList();
        store.unregister(worker.id(), gone, now);
        return then(() -> pages.in(run).advance(page), _ -> {
          if (page.more()) {
            state.answered();
          } else {
            state.reconciled();
          }
        });
      });
      case RegistrarState.Step.Tell(var run) -> tell(pages.in(run));
      case RegistrarState.Step.Send(var batch) -> make("send", batch, (store, now) -> {
        if (!batch.registered().isEmpty()) {
          store.register(worker.id(), batch.registered(), now);
        }
        store.unregister(worker.id(), batch.unregistered(), now);
        return then(() -> {}, _ -> state.answered(), () -> registered(batch));
      });
      case RegistrarState.Step.Wait(var until) -> new Next.Wait(until);
      case RegistrarState.Step.Leave() -> make("leave", NOTHING, (store, now) -> {
        store.leave(worker.id(), now);
        return then(() -> {}, _ -> state.left());
      });
      case RegistrarState.Step.End() -> new Next.End();
    };
  }

  private Next tell(InventoryPages pages) {
    var page = new Batch(pages.nextPage(), List.of());
    return make("tell", page, (store, now) -> {
      store.register(worker.id(), page.registered(), now);
      return then(() -> {}, _ -> {
        if (pages.hasNext()) {
          state.answered();
        } else {
          joined = true;
          state.told();
        }
      }, () -> registered(page));
    });
  }

  private List<MetadataEvent> registered(Batch batch) {
    var keys = queue.settled(batch);
    return keys.isEmpty() ? List.of() : List.of(new MetadataEvent.Registered(keys));
  }

  private interface At {
    void at(long nowMillis);
  }

  private static Outcome then(Runnable first, At change, Supplier<List<MetadataEvent>> told) {
    return now -> {
      first.run();
      change.at(now);
      return told.get();
    };
  }

  private static Outcome then(Runnable first, At change) {
    return then(first, change, List::of);
  }

  private Call join() {
    return call("join", NOTHING, (store, now) -> {
      store.join(worker, leaseMillis, now);
      return then(() -> {}, later -> state.joined(later),
          () -> List.of(new MetadataEvent.Joined()));
    });
  }

  private Next make(String what, Batch batch, Attempt attempt) {
    return new Next.Make(call(what, batch, attempt));
  }

  private Call call(String what, Batch batch, Attempt attempt) {
    return new Call() {
      @Override
      public String toString() {
        return what + " " + batch;
      }

      @Override
      public Answer on(MetadataState store, long nowMillis) {
        try {
          var outcome = attempt.on(store, nowMillis);
          return now -> answered(outcome.applied(now));
        } catch (LeaseLostException _) {
          return _ -> {
            queue.putBack(batch);
            joined = false;
            state.leaseLost();
            return answered(List.of());
          };
        } catch (NameTakenException e) {
          return now -> {
            state.nameTaken(now);
            return answered(List.of(new MetadataEvent.NameTaken(e.getMessage())));
          };
        } catch (MetadataUnavailableException e) {
          throw new AssertionError("the state itself is never away", e);
        } catch (MetadataException e) {
          throw new AssertionError("a kind of failure that nobody knows", e);
        }
      }

      @Override
      public List<MetadataEvent> failed(String reason, long nowMillis) {
        state.unavailable(batch, nowMillis);
        var wasAway = away.isPresent();
        away = Optional.of(reason);
        return wasAway ? List.of() : List.of(new MetadataEvent.Away(reason));
      }
    };
  }

  private List<MetadataEvent> answered(List<MetadataEvent> told) {
    if (away.isEmpty()) {
      return told;
    }
    away = Optional.empty();
    var events = new ArrayList<MetadataEvent>();
    events.add(new MetadataEvent.Back());
    events.addAll(told);
    return events;
  }
}
