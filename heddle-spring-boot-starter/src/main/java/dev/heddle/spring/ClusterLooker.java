package dev.heddle.spring;

import dev.heddle.Client;
import dev.heddle.ClusterInfo;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Asks how the cluster is, for those who must not wait for long: one question at a time, and what was answered lately
/// is not asked again.
///
/// For any number of threads.
final class ClusterLooker {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Client client;

  // Guarded by this.
  private @Nullable FutureTask<ClusterInfo> underWay;
  private @Nullable ClusterInfo last;
  private long lastNanos;

  ClusterLooker(Client client) {
    this.client = client;
  }

  Client client() {
    return client;
  }

  /// How the cluster is now.
  ///
  /// @throws TimeoutException if it does not say so in time
  /// @throws ExecutionException if it cannot be asked
  ClusterInfo look(Duration within)
      throws InterruptedException, ExecutionException, TimeoutException {
    return question().get(within.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// How it was at most 5 s ago, or when it was last known; null if it never was. Does not wait.
  synchronized @Nullable ClusterInfo lately() {
    if (last == null || System.nanoTime() - lastNanos > FRESH.toNanos()) {
      var _ = question();
    }
    return last;
  }

  private synchronized FutureTask<ClusterInfo> question() {
    if (underWay != null && !underWay.isDone()) {
      return underWay;
    }
    var question = new FutureTask<>(this::ask);
    underWay = question;
    Thread.ofVirtual().name("heddle-looker").start(question);
    return question;
  }

  private ClusterInfo ask() throws InterruptedException {
    var info = client.info();
    synchronized (this) {
      last = info;
      lastNanos = System.nanoTime();
    }
    return info;
  }
}
