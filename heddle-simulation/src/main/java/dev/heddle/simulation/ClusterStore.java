package dev.heddle.simulation;

import dev.heddle.metadata.MetadataState;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The way of one worker to the store that the scheduler keeps. Requests and answers are lost now and then,
/// so that a worker says again what the store has heard.
final class ClusterStore implements StoreAccess {
  private static final long PATIENCE = SimulatedTime.SECOND;

  private final World world;
  private final SimulatedProcess worker;

  ClusterStore(World world, SimulatedProcess worker) {
    this.world = world;
    this.worker = worker;
  }

  private static final class Waiting<A> {
    final Consumer<A> answered;
    final Consumer<String> failed;
    boolean over;

    Waiting(Consumer<A> answered, Consumer<String> failed) {
      this.answered = answered;
      this.failed = failed;
    }

    void answer(A answer) {
      if (!over) {
        over = true;
        answered.accept(answer);
      }
    }

    void fail(String reason) {
      if (!over) {
        over = true;
        failed.accept(reason);
      }
    }
  }

  @Override
  public <A> void call(Call<A> call, Consumer<A> answered, Consumer<String> failed) {
    var time = world.time;
    var waiting = new Waiting<>(answered, failed);
    worker.after(PATIENCE, () -> waiting.fail("the store did not answer in time"));
    if (time.chance(world.storeLosses / 2)) {
      worker.after(delay(), () -> waiting.fail("the connection to the store broke"));
      return;
    }
    var departs = Math.max(time.now(),
        world.network.openFrom(worker.address(), World.SCHEDULER));
    time.at(departs + delay(), () -> arrives(call, waiting));
  }

  private <A> void arrives(Call<A> call, Waiting<A> waiting) {
    var scheduler = world.scheduler();
    if (!scheduler.isAlive()) {
      worker.after(delay(), () -> waiting.fail("the store cannot be reached"));
      return;
    }
    scheduler.after(0, () -> {
      if (waiting.over) {
        return; // The caller has closed the connection.
      }
      var answer = call.on(scheduler.store(), scheduler.millis());
      scheduler.storeChanged();
      if (world.time.chance(world.storeLosses)) {
        worker.after(delay(), () -> waiting.fail("the store's answer was lost"));
        return;
      }
      var departs = Math.max(world.time.now(),
          world.network.openFrom(World.SCHEDULER, worker.address()));
      world.time.at(departs + delay(), () -> worker.after(0, () -> waiting.answer(answer)));
    });
  }

  @Override
  public Map<Key, List<Holder>> whoHas(MetadataState state, List<Key> keys, long nowMillis) {
    return world.scheduler().whoHas(keys);
  }

  private long delay() {
    return world.time.duration(SimulatedTime.MILLI / 20, world.network.delayNanosMax);
  }
}
