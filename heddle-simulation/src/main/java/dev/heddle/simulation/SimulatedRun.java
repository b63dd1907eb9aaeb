package dev.heddle.simulation;

import java.time.Duration;
import java.util.Set;

/// What came of one seed in which all went well.
///
/// @param digest of all that the cores said, and when: equal for equal runs
/// @param kinds the kinds of events and commands that there were
/// @param simulated how long it took by the simulated clock
public record SimulatedRun(long digest, Set<Class<?>> kinds, Duration simulated) {
  public SimulatedRun {
    kinds = Set.copyOf(kinds);
  }
}
