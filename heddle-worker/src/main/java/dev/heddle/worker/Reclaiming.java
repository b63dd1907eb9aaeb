package dev.heddle.worker;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks for a garbage collection when shared memory has run out of room, as the JDK does for memory outside
/// the heap: what programs let go of is free again only when a collection has found that out, and a worker
/// whose heap fills slowly would have none for long. Not where a collection would take longer than to send
/// the values: in a heap that is large, or again and again. For any number of threads.
final class Reclaiming {
  private static final Logger LOG = LoggerFactory.getLogger(Reclaiming.class);
  private static final long PAUSE_NANOS = 1_000_000_000;
  /// With more in use, values are sent instead.
  private static final long HEAP_BYTES_MAX = 512L << 20;

  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

  /// Returns at once.
  void outOfRoom() {
    var last = lastNanos.get();
    var now = System.nanoTime();
    var runtime = Runtime.getRuntime();
    if (now - last >= PAUSE_NANOS
        && runtime.totalMemory() - runtime.freeMemory() <= HEAP_BYTES_MAX
        && lastNanos.compareAndSet(last, now)) {
      Thread.ofPlatform().daemon().name("shared memory, reclaim").start(() -> {
        System.gc();
        LOG.debug("a collection for shared memory took {} ms",
            (System.nanoTime() - now) / 1_000_000);
      });
    }
  }
}
