package dev.heddle.junit;

import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The workers that are to die, from the doors to the process *crashes*.
final class Doomed {
  private static final int MAX = 1_000;

  private final LinkedBlockingQueue<String> workers = new LinkedBlockingQueue<>(MAX);

  /// Does not wait; one too many lives on.
  void add(String worker) {
    var _ = workers.offer(worker);
  }

  Optional<String> next(long millis) throws InterruptedException {
    return Optional.ofNullable(workers.poll(millis, TimeUnit.MILLISECONDS));
  }
}
