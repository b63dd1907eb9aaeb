package dev.heddle.peers;

import java.util.concurrent.Executors;

/// A plain pool of two threads in one JVM: what there is without a network.
final class Pool {
  private Pool() {}

  public static void main(String[] arguments) throws Exception {
    try (var pool = Executors.newFixedThreadPool(2)) {
      Work.measure(number -> pool.submit(() -> number + 1)::get, Work.TASKS);
    }
  }
}
