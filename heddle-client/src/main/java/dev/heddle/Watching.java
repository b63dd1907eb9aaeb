package dev.heddle;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Waits for futures and tells how far they are. For one thread.
final class Watching {
  private static final long TICK_NANOS = Duration.ofMillis(50).toNanos();
  /// Before that, a guess is no better than none.
  private static final long GUESS_AFTER_NANOS = Duration.ofSeconds(2).toNanos();

  private final String title;
  private final int total;
  private final Completions<? extends @Nullable Object> completions;
  private final LongSupplier nanoTime;
  private final long started;
  private long succeeded;
  private long failed;
  private long cancelled;

  Watching(String title, Collection<? extends RemoteFuture<?>> futures) {
    this(title, futures, System::nanoTime);
  }

  // A future of anything is one.
  @SuppressWarnings("unchecked")
  Watching(String title, Collection<? extends RemoteFuture<?>> futures, LongSupplier nanoTime) {
    var all = new ArrayList<RemoteFuture<@Nullable Object>>(futures.size());
    futures.forEach(future -> all.add((RemoteFuture<@Nullable Object>) future));
    this.title = title;
    this.nanoTime = nanoTime;
    total = all.size();
    completions = new Completions<>(all);
    started = nanoTime.getAsLong();
  }

  ProgressSummary show(PrintStream out, Terminal terminal) throws InterruptedException {
    try (var bar = new ProgressBar(out, terminal, title, nanoTime)) {
      var told = started;
      while (completions.hasNext()) {
        var now = System.nanoTime();
        if (completions.next(now + TICK_NANOS) instanceof RemoteFuture<?> future) {
          count(future);
        }
        if (nanoTime.getAsLong() - told >= TICK_NANOS) {
          told = nanoTime.getAsLong();
          bar.update(done(), total, note(told - started));
        }
      }
      bar.update(done(), total, note(0));
    }
    return new ProgressSummary(succeeded, failed, cancelled,
        Duration.ofNanos(nanoTime.getAsLong() - started));
  }

  private long done() {
    return succeeded + failed + cancelled;
  }

  private void count(RemoteFuture<?> future) {
    switch (future.state()) {
      case FAILED -> failed++;
      case CANCELLED -> cancelled++;
      case SUCCESS, RUNNING -> succeeded++; // One whose value was lost again is computed again.
    }
  }

  /// @param nanos since the start; 0 for no guess
  private String note(long nanos) {
    var parts = new ArrayList<String>(3);
    if (failed > 0) {
      parts.add(failed + " failed");
    }
    if (cancelled > 0) {
      parts.add(cancelled + " cancelled");
    }
    if (nanos >= GUESS_AFTER_NANOS && done() > 0 && done() < total) {
      var left = (double) nanos / done() * (total - done());
      parts.add("about " + text(Duration.ofNanos((long) left)) + " left");
    }
    return String.join(", ", parts);
  }

  /// `4 s`, `3 min`, `2 h`
  static String text(Duration time) {
    var seconds = Math.max(1, time.toSeconds());
    if (seconds < 100) {
      return seconds + " s";
    }
    return seconds < 6_000 ? (seconds + 30) / 60 + " min" : (seconds + 1_800) / 3_600 + " h";
  }
}
