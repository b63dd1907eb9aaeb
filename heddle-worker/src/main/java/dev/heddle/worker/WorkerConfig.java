package dev.heddle.worker;

import dev.heddle.wire.WorkerId;

/// The bounds that [WorkerState] keeps to.
///
/// @param host replicas on this host are fetched first
/// @param threads how many functions run at once
/// @param blockingMax how many more that only wait
/// @param tasksMax how many tasks may wait or run; more are refused
/// @param fetchesMax from how many peers it fetches at once
/// @param fetchKeysMax how many keys one request to a peer asks for
/// @param fetchBytesMax about how many bytes one request to a peer brings
/// @param roundsMax how often the store is asked anew who has a key before giving up
/// @param busyPauseNanos how long a busy peer is left alone at first; then twice as long, and so on
/// @param busyPausesMax how often that is done before giving up on it
/// @param memory how much memory values may take
record WorkerConfig(WorkerId self, String host, int threads, int blockingMax, int tasksMax,
    int fetchesMax, int fetchKeysMax, long fetchBytesMax, int roundsMax, long busyPauseNanos,
    int busyPausesMax, MemoryBounds memory) {
  /// The longest pause, as a multiple of the first.
  private static final int BUSY_PAUSE_GROWTH_MAX = 32;

  static WorkerConfig of(WorkerId self, String host, int threads, MemoryBounds memory) {
    return new WorkerConfig(self, host, threads, 1_000, 1_000_000, 16, 1_000, 64 << 20, 3,
        50_000_000, 40, memory);
  }

  /// How long to wait after `pauses` pauses: 50, 100, 200 … 1600 ms by default, a
  /// minute in all.
  long busyPauseNanos(int pauses) {
    return busyPauseNanos * Math.min(BUSY_PAUSE_GROWTH_MAX, 1L << Math.min(pauses, 30));
  }
}
