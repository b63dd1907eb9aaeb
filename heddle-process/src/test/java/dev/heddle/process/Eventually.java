package dev.heddle.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what other threads are about to do.
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Eventually() {}

  /// Returns as soon as `condition` holds; fails the test, saying what there was `instead`, if it
  /// never does.
  static void holds(BooleanSupplier condition, Supplier<?> instead) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("never happened; instead: " + instead.get());
      }
      LockSupport.parkNanos(50_000);
    }
  }

  /// Returns as soon as `process` is doing `activity`.
  static void isDoing(NamedProcess process, String activity) {
    holds(() -> process.info().activity().equals(activity), process::info);
  }
}
