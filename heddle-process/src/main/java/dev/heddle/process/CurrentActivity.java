package dev.heddle.process;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// What one process is doing and since when, and how many messages it has moved. Written by its own
/// thread only, without fences that it would have to wait for; read by snapshots, which may see a
/// value that is a moment old.
final class CurrentActivity implements Activity.Doing {
  private static final int NESTED_MAX = 8;
  private static final int READS_MAX = 10;

  private final AtomicReference<Activity> current = new AtomicReference<>(Activity.RUNNING);
  private final AtomicLong sinceNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  private final Activity[] outer = new Activity[NESTED_MAX];
  private final long[] outerSinceNanos = new long[NESTED_MAX];
  private int depth;

  record Reading(Activity activity, Duration since) {}

  Activity.Doing begin(Activity activity) {
    if (depth < NESTED_MAX) {
      outer[depth] = current.getPlain();
      outerSinceNanos[depth] = sinceNanos.getPlain();
    }
    depth++;
    set(activity, System.nanoTime());
    return this;
  }

  @Override
  public void close() {
    depth--;
    if (depth < NESTED_MAX) {
      var next = outer[depth];
      set(next, next == Activity.RUNNING ? System.nanoTime() : outerSinceNanos[depth]);
    }
  }

  void countReceived(long items) {
    received.setOpaque(received.getPlain() + items);
  }

  void countSent(long items) {
    sent.setOpaque(sent.getPlain() + items);
  }

  long received() {
    return received.getOpaque();
  }

  long sent() {
    return sent.getOpaque();
  }

  /// A consistent pair unless the process changes it faster than this can read, when any pair is
  /// as good.
  Reading read() {
    var activity = current.getAcquire();
    long since = sinceNanos.getAcquire();
    for (int i = 0; i < READS_MAX && activity != current.getAcquire(); i++) {
      activity = current.getAcquire();
      since = sinceNanos.getAcquire();
    }
    return new Reading(activity, Waits.since(since));
  }

  private void set(Activity activity, long nowNanos) {
    sinceNanos.setRelease(nowNanos);
    current.setRelease(activity);
  }
}
