package dev.heddle.simulation;

import dev.heddle.wire.Address;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One process of the operating system: it can die, stand still for a while, and its clock can jump.
public abstract class SimulatedProcess implements SimulatedClock {
  protected final World world;
  private final String name;
  private final Address address;
  final Set<Network.Wire> wires = new LinkedHashSet<>();
  private boolean dead;
  private long standsStillUntil;
  private long clockAhead;

  protected SimulatedProcess(World world, String name, Address address) {
    this.world = world;
    this.name = name;
    this.address = address;
  }

  public final String name() {
    return name;
  }

  public final Address address() {
    return address;
  }

  public final boolean isAlive() {
    return !dead;
  }

  /// Whether somebody who dials its address is let in.
  protected abstract boolean listens();

  /// Somebody has dialled.
  protected abstract Network.Party accept(Network.Wire wire);

  /// What its clock shows.
  public final long nanos() {
    return world.time.now() + clockAhead;
  }

  @Override
  public final long millis() {
    return nanos() / SimulatedTime.MILLI;
  }

  /// Does something later, if it lives then, and when it does not stand still.
  @Override
  public final void after(long delayNanos, Runnable what) {
    world.time.after(delayNanos, () -> orLater(what));
  }

  private void orLater(Runnable what) {
    if (dead) {
      return;
    }
    if (standsStillUntil > world.time.now()) {
      world.time.at(standsStillUntil, () -> orLater(what));
    } else {
      what.run();
    }
  }

  /// It ends at once. Its connections end with it.
  public void die() {
    if (!dead) {
      dead = true;
      List.copyOf(wires).forEach(wire -> wire.brokenBy("the process at " + address + " ended"));
    }
  }

  final void standStill(long nanos) {
    standsStillUntil = Math.max(standsStillUntil, world.time.now() + nanos);
  }

  final void jumpAhead(long nanos) {
    clockAhead += nanos;
  }

  @Override
  public String toString() {
    return name;
  }
}
