package dev.heddle.worker;

import static dev.heddle.simulation.SimulatedTime.MILLI;
import static dev.heddle.simulation.SimulatedTime.SECOND;

import dev.heddle.simulation.SimulatedTime;

/// What goes wrong, for a while: each seed has kinds of trouble of its own, so that some have one
/// kind only and some all at once.
final class Chaos {
  static final long LASTS = 4 * SECOND;

  private final Simulation world;
  private final SimulatedTime time;
  private final boolean crashes;
  private final boolean breaks;
  private final boolean storeOutages;
  private final boolean storeRestarts;
  private final boolean drains;
  private final double storeLosses;
  private final long slowNetworkNanos;
  private boolean on = true;
  /// How often a worker has no time for a peer.
  double busy;
  /// Whether somebody deletes and cancels.
  final boolean removals;
  /// Whether a scheduler uses the workers too, and releases and aborts.
  final boolean schedules;

  Chaos(Simulation world) {
    this.world = world;
    this.time = world.time;
    this.crashes = time.chance(0.4);
    this.breaks = time.chance(0.4);
    this.storeOutages = time.chance(0.3);
    this.storeRestarts = time.chance(0.2);
    this.drains = time.chance(0.4);
    this.storeLosses = time.chance(0.2) ? 0.1 : 0;
    this.slowNetworkNanos = (time.chance(0.2) ? 200 : 2) * MILLI;
    this.busy = time.chance(0.3) ? 0.5 : 0;
    this.removals = time.chance(0.6);
    this.schedules = time.chance(0.6);
  }

  boolean isOn() {
    return on;
  }

  /// Whether values may be lost with their worker.
  boolean losesValues() {
    return crashes || removals || schedules;
  }

  void begin() {
    world.store.losses = storeLosses;
    world.network.delayNanosMax = slowNetworkNanos;
    world.store.delayNanosMax = slowNetworkNanos;
    if (crashes) {
      atTimes(1 + time.below(4), world::crashOne);
    }
    if (breaks) {
      atTimes(2 + time.below(10), world.network::breakOne);
    }
    if (drains) {
      atTimes(1 + time.below(3), world::drainOne);
    }
    if (storeRestarts) {
      atTimes(1 + time.below(2), () -> {
        world.trace.note(time.now(), "the store starts anew, empty");
        world.store.restartEmpty();
      });
    }
    if (storeOutages) {
      atTimes(1, () -> {
        world.store.goAway();
        time.after(time.duration(MILLI, 3 * SECOND), world.store::comeBack);
      });
    }
    time.after(LASTS, this::end);
  }

  private void atTimes(int count, Runnable trouble) {
    for (var i = 0; i < count; i++) {
      time.after(time.below((int) (LASTS / MILLI)) * MILLI, () -> {
        if (on) {
          trouble.run();
        }
      });
    }
  }

  private void end() {
    on = false;
    busy = 0;
    world.store.losses = 0;
    world.store.comeBack();
    world.network.delayNanosMax = 2 * MILLI;
    world.store.delayNanosMax = 2 * MILLI;
    world.restoreWorkers();
  }
}
