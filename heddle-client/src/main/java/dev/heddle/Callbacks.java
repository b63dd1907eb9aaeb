package dev.heddle;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/// Runs what programs attach to futures, each on a virtual thread of its own, so that one that waits
/// holds up no other. There are never more than there are stages with something attached.
final class Callbacks implements Executor, AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final String name;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  Callbacks(String client) {
    this.name = client + "/callback";
  }

  @Override
  public void execute(Runnable callback) {
    var thread = Thread.ofVirtual().name(name).unstarted(() -> {
      try {
        callback.run();
      } finally {
        running.remove(Thread.currentThread());
      }
    });
    running.add(thread);
    thread.start();
  }

  /// Lets those that run come to an end, then interrupts them.
  @Override
  public void close() {
    try {
      if (!join()) {
        running.forEach(Thread::interrupt);
        join();
      }
    } catch (InterruptedException e) {
      running.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
  }

  private boolean join() throws InterruptedException {
    var deadline = System.nanoTime() + GRACE.toNanos();
    for (var thread : running) {
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (thread != Thread.currentThread() && (!left.isPositive() || !thread.join(left))) {
        return false;
      }
    }
    return true;
  }
}
