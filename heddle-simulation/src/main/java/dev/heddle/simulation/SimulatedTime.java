package dev.heddle.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// The clock, the dice and what is to happen when. Equal seeds give equal runs.
public final class SimulatedTime implements SimulatedClock {
  public static final long MILLI = 1_000_000;
  public static final long SECOND = 1_000 * MILLI;

  private record Planned(long atNanos, long order, Runnable what) {}

  private final PriorityQueue<Planned> plan = new PriorityQueue<>(
      Comparator.comparingLong(Planned::atNanos).thenComparingLong(Planned::order));
  private final SplittableRandom dice;
  private long now = SECOND;
  private long planned;

  public SimulatedTime(long seed) {
    dice = new SplittableRandom(seed);
  }

  public long now() {
    return now;
  }

  @Override
  public long millis() {
    return now / MILLI;
  }

  @Override
  public void after(long delayNanos, Runnable what) {
    at(now + delayNanos, what);
  }

  public void at(long atNanos, Runnable what) {
    plan.add(new Planned(Math.max(now, atNanos), planned++, what));
  }

  /// Lets everything happen that is planned until then.
  public void runUntil(long untilNanos) {
    while (!plan.isEmpty() && plan.element().atNanos <= untilNanos) {
      var next = plan.remove();
      now = next.atNanos;
      next.what.run();
    }
    now = Math.max(now, untilNanos);
  }

  public long eventsPlanned() {
    return planned;
  }

  // --- dice

  public int below(int bound) {
    return dice.nextInt(bound);
  }

  public boolean chance(double probability) {
    return dice.nextDouble() < probability;
  }

  /// Mostly short, sometimes long: between `min` and `max`.
  public long duration(long min, long max) {
    var part = dice.nextDouble();
    return min + (long) ((max - min) * part * part * part);
  }

  public long number() {
    return dice.nextLong();
  }
}
