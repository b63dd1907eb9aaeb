package dev.heddle.process;

import java.util.concurrent.locks.LockSupport;

/// The wait of one [Select] for any of its channels.
final class SelectWait {
  private final Thread thread = Thread.currentThread();
  private volatile boolean woken;

  /// Called by whoever adds to one of the channels, or ends it.
  void wake() {
    if (!woken) {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  /// Waits until woken.
  ///
  /// @return false if `deadlineNanos`, in terms of [System#nanoTime], came first
  boolean await(long deadlineNanos, boolean timed) throws InterruptedException {
    while (!woken) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!timed) {
        LockSupport.park(this);
        continue;
      }
      long left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }
}
