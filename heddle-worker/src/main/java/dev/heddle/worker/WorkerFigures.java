package dev.heddle.worker;

import dev.heddle.process.Durations;
import java.util.Optional;

/// How a worker is, and what it counted since its start: for monitoring.
///
/// @param waiting tasks that lack an input or a slot
/// @param running functions that run, also those that were cancelled and have not ended
/// @param slots how many may run at once, beside those that only wait
/// @param values how many it has
/// @param memory what these take
/// @param ran how long functions ran
/// @param queueTimes from when a task was taken on until its function was given a slot
/// @param transfers what was fetched from other workers
/// @param schedulers how many it serves
/// @param schedulersBack how often one came back after a lost connection
/// @param storeAway why the store of who has what cannot be reached; empty if it can
/// @param storeBack how often it could be reached again
/// @param paused why no work is taken, for want of memory; empty if it is
/// @param leaving whether it leaves
public record WorkerFigures(int waiting, int running, int slots, int values, MemoryTaken memory,
    Ran ran, Durations.Figures queueTimes, Transfers transfers, int schedulers,
    long schedulersBack, Optional<String> storeAway, long storeBack, String paused,
    boolean leaving) {

  /// @param valuesBytes of values in memory
  /// @param valuesBytesMax how much that may be
  /// @param spilledBytes of values on disk, as they would be in memory
  /// @param spilled how many values those are
  /// @param filesBytes what their files take
  /// @param sharedBytes of memory that is shared with workers of the host
  public record MemoryTaken(long valuesBytes, long valuesBytesMax, long spilledBytes, int spilled,
      long filesBytes, long sharedBytes) {}

  /// Functions that were called and have ended: how long they took, with reading their inputs.
  public record Ran(Durations.Figures succeeded, Durations.Figures failed) {}

  /// @param durations of requests that brought something
  /// @param values how many these brought
  /// @param busy requests that were turned away
  /// @param lost requests that came to nothing otherwise
  public record Transfers(Durations.Figures durations, long values, long bytes, long busy,
      long lost) {}
}
