package dev.heddle;

import dev.heddle.wire.Connection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Writes what many submissions in quick succession have put into a connection, so that they share
/// writes. One that comes alone is written at once, by whoever submits it; what a burst has left is written as soon
/// as somebody waits for a result.
///
/// - In: [#flush] and [#now], from any thread.
/// - Out: [Connection#flush].
final class Flusher {
  /// Submissions that come so soon after the one before share their writes.
  private static final long BURST_NANOS = 20_000;
  /// How long a burst gathers what to write together, as long as nobody waits.
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private volatile @Nullable Connection wanted;
  private volatile @Nullable Thread thread;
  private volatile long lastNanos = System.nanoTime() - 2 * BURST_NANOS;

  /// Has what was put into `to` written soon.
  void flush(Connection to) {
    var now = System.nanoTime();
    var isBurst = now - lastNanos < BURST_NANOS;
    lastNanos = now;
    var writer = thread;
    var next = wanted;
    if (!isBurst || writer == null || (next != null && !next.equals(to))) {
      to.flush();
    } else if (next == null) {
      wanted = to;
      LockSupport.unpark(writer);
    }
  }

  /// Writes what there is, since somebody waits for what comes of it.
  void now() {
    var to = wanted;
    if (to != null) {
      // Before the write: who comes after this line is written by the next one.
      wanted = null;
      to.flush();
    }
  }

  /// The process: until it is interrupted.
  void run() throws InterruptedException {
    thread = Thread.currentThread();
    try {
      while (true) {
        if (wanted == null) {
          LockSupport.park(this);
        } else {
          LockSupport.parkNanos(this, GATHER_NANOS);
          now();
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      thread = null;
      now();
    }
  }
}
