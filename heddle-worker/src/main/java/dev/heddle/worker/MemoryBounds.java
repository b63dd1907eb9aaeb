package dev.heddle.worker;

/// How much memory a worker's values may take up, and what is done about it. All in bytes.
///
/// @param limit what the values, and those that are on their way here, are to stay below
/// @param spillAbove above this, those that were not used for longest are written to disk
/// @param pauseAbove above this, the worker takes no work, and begins nothing while something else
///     goes on
/// @param smallest smaller values stay in memory: as much is known of each as it has bytes
/// @param batch about how much is written to disk in one go
/// @param retryNanos how long a disk that failed is left alone, in nanoseconds
/// @param spills whether there is a disk
record MemoryBounds(long limit, long spillAbove, long pauseAbove, long smallest, long batch,
    long retryNanos, boolean spills) {
  private static final long SMALLEST = 512;
  private static final long BATCH_MAX = 8 << 20;
  private static final int BATCHES = 32;
  private static final long RETRY_NANOS = 5_000_000_000L;

  static final MemoryBounds NONE = new MemoryBounds(Long.MAX_VALUE, Long.MAX_VALUE,
      Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, false);

  static MemoryBounds of(long limit, boolean spills) {
    return new MemoryBounds(limit, limit / 10 * 6, limit / 10 * 8, SMALLEST,
        Math.min(BATCH_MAX, limit / BATCHES), RETRY_NANOS, spills);
  }
}
