package dev.heddle.worker;

import static dev.heddle.simulation.SimulatedTime.MILLI;
import static dev.heddle.simulation.SimulatedTime.SECOND;

import dev.heddle.simulation.SimulatedTime;
import dev.heddle.wire.Key;
import dev.heddle.worker.WorkerCommand.Spill;
import dev.heddle.worker.WorkerEvent.SpillEnded;
import dev.heddle.worker.WorkerEvent.SpillEnded.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [Spilling] and [StoredValue] do: a disk that is slow, or fails for a while, or loses something. It
/// holds the core to its word: nothing is let go that was not written, and everything that was written
/// is forgotten at last.
final class SimulatedDisk {
  private static final long LASTS = 5 * SECOND;

  private enum Copy {
    /// On disk, and in memory too.
    WRITTEN,
    /// On disk alone.
    ALONE,
    /// On disk alone, and it cannot be read.
    DAMAGED
  }

  private final SimulatedTime time;
  private final boolean isThere;
  private final long nanosMax;
  private final long failsUntil;
  /// How many values it may still damage.
  private int damages;
  private final IdentityHashMap<Value, Copy> copies = new IdentityHashMap<>();
  private boolean writing;

  /// @param mayDamage whether it may lose something
  SimulatedDisk(SimulatedTime time, boolean mayDamage) {
    this.time = time;
    this.isThere = time.chance(0.5);
    this.nanosMax = (time.chance(0.3) ? 200 : 2) * MILLI;
    this.failsUntil = time.now() + (time.chance(0.2) ? time.duration(MILLI, LASTS) : 0);
    this.damages = mayDamage && time.chance(0.3) ? 1 + time.below(3) : 0;
  }

  /// Little memory, so that the disk is used, or other workers where there is none; or no bounds.
  MemoryBounds bounds() {
    if (!isThere) {
      return MemoryBounds.NONE;
    }
    var spillAbove = 10 + time.below(200);
    return new MemoryBounds(Long.MAX_VALUE / 2, spillAbove, spillAbove + 5 + time.below(200),
        1 + time.below(5), 1 + time.below(100), time.duration(MILLI, SECOND), time.chance(0.7));
  }

  /// @return how it ends, and in how long
  Ending spill(Spill spill) {
    if (writing) {
      throw new IllegalStateException("one spill at a time, and not " + spill);
    }
    writing = true;
    return new Ending(time.duration(1_000, nanosMax), () -> ended(spill));
  }

  interface Outcomes {
    SpillEnded take();
  }

  record Ending(long afterNanos, Outcomes outcomes) {}

  private SpillEnded ended(Spill spill) {
    writing = false;
    if (time.now() < failsUntil && time.chance(0.8)) {
      return new SpillEnded(Collections.nCopies(spill.parts().size(), Outcome.FAILED),
          Optional.of("the disk is full"));
    }
    for (var part : spill.parts()) {
      if (copies.put(part.value(), Copy.WRITTEN) != null) {
        throw new IllegalStateException("'" + part.key() + "' was written twice");
      }
    }
    return new SpillEnded(Collections.nCopies(spill.parts().size(), Outcome.WRITTEN),
        Optional.empty());
  }

  void letGo(List<Value> values) {
    for (var value : values) {
      if (copies.get(value) != Copy.WRITTEN) {
        throw new IllegalStateException(value + " is let go, and is " + copies.get(value));
      }
      copies.put(value, damages > 0 && time.chance(0.1) ? damage() : Copy.ALONE);
    }
  }

  private Copy damage() {
    damages--;
    return Copy.DAMAGED;
  }

  void forget(Value value) {
    if (copies.remove(value) == null) {
      throw new IllegalStateException(value + " is forgotten, and was not written");
    }
  }

  /// Brings values into memory.
  ///
  /// @return those that cannot be read
  List<Key> load(Map<Key, Value> values) {
    var lost = new ArrayList<Key>();
    values.forEach((key, value) -> {
      if (!isReadable(value)) {
        lost.add(key);
      } else if (copies.containsKey(value)) {
        copies.put(value, Copy.WRITTEN);
      }
    });
    return lost;
  }

  boolean isReadable(Value value) {
    return copies.get(value) != Copy.DAMAGED;
  }

  /// How many values are on disk.
  int count() {
    return copies.size();
  }
}
