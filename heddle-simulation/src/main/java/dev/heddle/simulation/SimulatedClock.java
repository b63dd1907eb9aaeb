package dev.heddle.simulation;

/// A clock, and what is to be done by it.
public interface SimulatedClock {
  long millis();

  void after(long delayNanos, Runnable what);
}
