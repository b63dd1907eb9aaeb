package dev.heddle.simulation;

import static dev.heddle.simulation.SimulatedTime.MILLI;
import static dev.heddle.simulation.SimulatedTime.SECOND;

import dev.heddle.simulation.Script.Fault;
import dev.heddle.wire.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Something goes wrong.
final class Trouble {
  private final World world;
  private final SplittableRandom dice;
  private final Runnable oneMore;

  /// @param oneMore starts a worker that was not there before
  Trouble(World world, long dice, Runnable oneMore) {
    this.world = world;
    this.dice = new SplittableRandom(dice);
    this.oneMore = oneMore;
  }

  void cause(Fault fault) {
    switch (fault) {
      case WORKER_CRASHES -> crash();
      case SCHEDULER_RESTARTS -> restartScheduler();
      case CONNECTION_BREAKS -> world.network.breakOne();
      case PARTITION -> partition();
      case STANDS_STILL -> anyServer().standStill(between(10 * MILLI, 2 * SECOND));
      case WORKER_RETIRES -> retire();
      case CLOCK_JUMPS -> {
        anyServer().jumpAhead(between(10 * MILLI, 5 * SECOND));
        world.judge.scatteredMayBeLost(); // A scheduler that slept may have no patience left.
      }
      case WORKER_COMES -> oneMore.run();
      case CLIENT_CRASHES -> crashClient();
    }
  }

  private long between(long min, long max) {
    var part = dice.nextDouble();
    return min + (long) ((max - min) * part * part);
  }

  private void crash() {
    var workers = world.workers();
    var worker = workers.get(dice.nextInt(workers.size()));
    if (!worker.isAlive()) {
      return;
    }
    world.history.note(worker.name(), "crashes");
    worker.die();
    world.judge.workerDied(worker);
    if (dice.nextBoolean()) {
      world.time.after(between(MILLI, SECOND), () -> {
        if (world.scheduler().isAlive()) {
          world.scheduler().explainDeath(worker.name(), worker.info().pid(), "killed by chaos");
        }
      });
    }
    if (dice.nextInt(4) > 0) {
      world.time.after(between(MILLI, SECOND), () -> world.restartWorkerIfEnded(worker.name()));
    }
  }

  private void restartScheduler() {
    if (world.scheduler().isAlive()) {
      world.killScheduler();
      world.time.after(between(MILLI, SECOND), () -> {
        if (!world.scheduler().isAlive()) {
          world.startScheduler();
        }
      });
    }
  }

  private SimulatedProcess anyServer() {
    var servers = new ArrayList<SimulatedProcess>(world.workers());
    servers.add(world.scheduler());
    return servers.get(dice.nextInt(servers.size()));
  }

  private void partition() {
    var addresses = new ArrayList<Address>();
    world.workers().forEach(worker -> addresses.add(worker.address()));
    world.clients.forEach(client -> addresses.add(client.address()));
    addresses.add(World.SCHEDULER);
    addresses.add(World.SCHEDULER); // Most of what matters goes there.
    var one = addresses.get(dice.nextInt(addresses.size()));
    var other = addresses.get(dice.nextInt(addresses.size()));
    if (one.equals(other)) {
      return;
    }
    var lasts = between(50 * MILLI, 3 * SECOND);
    var patience = between(200 * MILLI, 2 * SECOND);
    world.history.note("--", "nothing gets from " + one + " to " + other + " for " + lasts / MILLI
        + " ms");
    world.network.block(one, other, lasts, patience);
    if (dice.nextBoolean()) {
      world.history.note("--", "and nothing back");
      world.network.block(other, one, lasts, patience);
    }
  }

  private void retire() {
    var workers = world.workers();
    var worker = workers.get(dice.nextInt(workers.size()));
    if (dice.nextBoolean() && world.scheduler().isAlive()) {
      world.scheduler().retire(worker.name(), null, 0);
    } else {
      worker.drain();
    }
    world.time.after(SECOND + between(MILLI, 3 * SECOND),
        () -> world.restartWorkerIfEnded(worker.name()));
  }

  private void crashClient() {
    if (world.clients.size() > 1 && dice.nextBoolean()) {
      var client = world.clients.get(dice.nextInt(world.clients.size()));
      world.history.note(client.name(), "crashes");
      client.die();
    } else {
      List.copyOf(world.clients).get(dice.nextInt(world.clients.size())).disconnect();
    }
  }
}
