package dev.heddle.junit;

import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Has workers die, and starts them again. The process *crashes* of a test:
///
/// - In: `doomed`, who dies next, from the doors.
/// - Ends when it is stopped, after the worker that it is about has come back.
final class Crashes {
  private static final int STARTS_MAX = 100;
  private static final long START_PAUSE_MILLIS = 100;

  private final LocalCluster cluster;
  private final FaultLog played;
  private final Doomed doomed;
  private final Thread thread;
  private volatile boolean isOver;

  Crashes(LocalCluster cluster, FaultLog played, Doomed doomed) {
    this.cluster = cluster;
    this.played = played;
    this.doomed = doomed;
    thread = Thread.ofVirtual().name("faults/crashes").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!isOver) {
        var next = doomed.next(START_PAUSE_MILLIS);
        if (next.isPresent()) {
          crash(next.get());
        }
      }
    } catch (InterruptedException e) {
      played.add("the crashes were interrupted");
    }
  }

  private void crash(String worker) throws InterruptedException {
    try {
      cluster.crash(worker);
    } catch (IllegalArgumentException e) {
      played.add(worker + " was dead already");
      return;
    }
    // Whoever knew the dead one has to find out first.
    IOException last = new IOException("never tried");
    for (var start = 0; start < STARTS_MAX; start++) {
      try {
        cluster.startWorker(worker);
        played.add(worker + " is back");
        return;
      } catch (IOException e) {
        last = e;
        TimeUnit.MILLISECONDS.sleep(START_PAUSE_MILLIS);
      }
    }
    played.add(worker + " could not be started again: " + last.getMessage());
  }

  /// Waits until whoever died is back.
  void stop() throws InterruptedException {
    isOver = true;
    thread.join();
  }
}
