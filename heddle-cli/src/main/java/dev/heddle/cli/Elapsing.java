package dev.heddle.cli;

import dev.heddle.ProgressBar;
import dev.heddle.Terminal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Shows how much of a time has passed, while a command waits for others: a process of its own, from its making until it
/// is closed.
final class Elapsing implements AutoCloseable {
  private static final long TICK_MILLIS = 100;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread;

  Elapsing(String title, Duration time) {
    thread = Thread.ofVirtual().name("elapsing").start(() -> show(title, time.toMillis()));
  }

  private static ProgressBar bar(String title) {
    return new ProgressBar(System.err, Terminal.of(Terminal.Stream.ERR), title);
  }

  private void show(String title, long totalMillis) {
    var started = System.nanoTime();
    try (var bar = bar(title)) {
      while (!over.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        var passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        bar.update(Math.min(passed, totalMillis) / 1_000, totalMillis / 1_000,
            passed < totalMillis ? "" : "waiting for answers");
      }
      bar.update(totalMillis / 1_000, totalMillis / 1_000, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    over.countDown();
    thread.join();
  }
}
