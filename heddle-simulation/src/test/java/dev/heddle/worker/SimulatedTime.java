package dev.heddle.worker;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// The clock, the dice and what is to happen when. Equal seeds give equal runs.
final class SimulatedTime {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  private record Planned(long atNanos, long order, Runnable what) {}

  private final PriorityQueue<Planned> plan = new PriorityQueue<>(
      Comparator.comparingLong(Planned::atNanos).thenComparingLong(Planned::order));
  private final SplittableRandom dice;
  private long now = SECOND;
  private long planned;

  SimulatedTime(long seed) {
    dice = new SplittableRandom(seed);
  }

  long now() {
    return now;
  }

  long millis() {
    return now / MILLI;
  }

  void after(long delayNanos, Runnable what) {
    at(now + delayNanos, what);
  }

  void at(long atNanos, Runnable what) {
    plan.add(new Planned(Math.max(now, atNanos), planned++, what));
  }

  /// Lets everything happen that is planned until then.
  void runUntil(long untilNanos) {
    while (!plan.isEmpty() && plan.element().atNanos <= untilNanos) {
      var next = plan.remove();
      now = next.atNanos;
      next.what.run();
    }
    now = Math.max(now, untilNanos);
  }

  long eventsPlanned() {
    return planned;
  }

  // --- dice

  int below(int bound) {
    return dice.nextInt(bound);
  }

  boolean chance(double probability) {
    return dice.nextDouble() < probability;
  }

  /// Mostly short, sometimes long: between `min` and `max`.
  long duration(long min, long max) {
    var part = dice.nextDouble();
    return min + (long) ((max - min) * part * part * part);
  }

  long number() {
    return dice.nextLong();
  }
}
