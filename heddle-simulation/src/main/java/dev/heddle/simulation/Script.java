package dev.heddle.simulation;

import dev.heddle.wire.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// What clients do and what goes wrong in one run, and when: drawn before it begins, each step with dice
/// of its own, so that a run without some of its steps is the same in the others.
final class Script {
  static final long LASTS = 4 * SimulatedTime.SECOND;

  /// Something that goes wrong.
  enum Fault {
    WORKER_CRASHES, SCHEDULER_RESTARTS, CONNECTION_BREAKS, PARTITION, STANDS_STILL, WORKER_RETIRES, CLOCK_JUMPS, WORKER_COMES, CLIENT_CRASHES
  }

  sealed interface Step {
    long atNanos();

    long dice();

    record Act(long atNanos, int client, long dice) implements Step {}

    record Trouble(long atNanos, Fault fault, long dice) implements Step {}
  }

  final int clients;
  final int workers;
  final List<Step> steps = new ArrayList<>();
  final boolean slowNetwork;
  final boolean lossyStore;
  final boolean lateStore;
  final boolean busyWorkers;
  final boolean onlySchedulersEnd;

  Script(long seed) {
    var dice = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 1);
    clients = 1 + dice.nextInt(3);
    workers = 1 + dice.nextInt(4);
    slowNetwork = dice.nextInt(6) == 0;
    lossyStore = dice.nextInt(5) == 0;
    lateStore = dice.nextInt(4) == 0;
    busyWorkers = dice.nextInt(5) == 0;
    onlySchedulersEnd = dice.nextInt(6) == 0;
    for (var client = 0; client < clients; client++) {
      for (var i = 3 + dice.nextInt(15); i > 0; i--) {
        steps.add(new Step.Act(time(dice, LASTS * 7 / 8), client, dice.nextLong()));
      }
    }
    if (onlySchedulersEnd) {
      add(dice, Fault.SCHEDULER_RESTARTS, 1 + dice.nextInt(3));
    } else {
      for (var fault : Fault.values()) {
        if (dice.nextInt(4) == 0) {
          add(dice, fault, 1 + dice.nextInt(fault == Fault.CONNECTION_BREAKS ? 8 : 3));
        }
      }
    }
    steps.sort(Comparator.comparingLong(Step::atNanos));
  }

  private void add(SplittableRandom dice, Fault fault, int count) {
    for (var i = 0; i < count; i++) {
      steps.add(new Step.Trouble(time(dice, LASTS), fault, dice.nextLong()));
    }
  }

  private static long time(SplittableRandom dice, long max) {
    return dice.nextLong(1, max);
  }

  /// Those that are left when some are left out.
  List<Step> without(Set<Integer> omitted) {
    var left = new ArrayList<Step>();
    for (var i = 0; i < steps.size(); i++) {
      if (!omitted.contains(i)) {
        left.add(steps.get(i));
      }
    }
    return left;
  }

  /// Of a computation that is given this key.
  static ContentHash fingerprint(String key) {
    return ContentHash.of(key.getBytes(StandardCharsets.UTF_8));
  }
}
