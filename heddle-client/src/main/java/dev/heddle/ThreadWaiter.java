package dev.heddle;

import java.util.concurrent.locks.LockSupport;

/// A thread that waits for an outcome.
final class ThreadWaiter extends Waiter {
  private final Thread thread = Thread.currentThread();
  private volatile boolean woken;

  @Override
  void wake() {
    woken = true;
    LockSupport.unpark(thread);
  }

  /// @param deadlineNanos by [System#nanoTime], if `limited`
  /// @return false if the time was up
  boolean await(boolean limited, long deadlineNanos) throws InterruptedException {
    while (!woken) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!limited) {
        LockSupport.park(this);
        continue;
      }
      var left = deadlineNanos - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }
}
