package dev.heddle.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs many seeds, each in one thread from beginning to end, several at once.
public final class Simulator {
  /// So many failures are kept; beyond that they are only counted.
  private static final int FAILURES_MAX = 1_000;

  /// Which seeds, and how.
  ///
  /// @param threads how many seeds at once
  public record Seeds(Scenario scenario, long from, long count, int threads) {
    public Seeds {
      if (count < 1 || threads < 1 || from > Long.MAX_VALUE - count) {
        throw new IllegalArgumentException("the seeds from " + from + " on, " + count
            + " of them, on " + threads + " threads; both must be at least 1");
      }
    }
  }

  /// Told now and then how far it is. Called by one thread at a time.
  public interface Progress {
    /// @param done how many seeds have ended
    /// @param failed how many of these failed
    /// @param lowest the seeds of those, if they are many only the lowest
    void at(long done, long failed, List<Long> lowest);
  }

  /// @param report all that there is to say; for all but the first failure only its first line
  public record Failure(long seed, String report) {}

  /// @param seeds how many were run: fewer than wanted if it was interrupted
  /// @param failed how many of them failed
  /// @param failures the first of these, in the order of their seeds
  /// @param simulated the time that all of them took by their own clocks
  /// @param took the time that it took
  public record Result(long seeds, long failed, List<Failure> failures, Duration simulated,
      Duration took) {
    public Result {
      failures = List.copyOf(failures);
    }

    public double seedsPerSecond() {
      return seeds / Math.max(1e-9, took.toNanos() / 1e9);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT,
          "%d seeds, %d failed, %.0f seeds/s, %.1f hours of simulated time in %.1f s", seeds,
          failed,
          seedsPerSecond(), simulated.toMillis() / 3_600_000.0, took.toMillis() / 1_000.0);
    }
  }

  private final Seeds seeds;
  private final Progress progress;
  private final AtomicLong next;
  private final AtomicBoolean stop = new AtomicBoolean();

  // Guarded by this.
  private final List<Failure> failures = new ArrayList<>();
  private long done;
  private long failed;
  private Duration simulated = Duration.ZERO;

  private Simulator(Seeds seeds, Progress progress) {
    this.seeds = seeds;
    this.progress = progress;
    this.next = new AtomicLong(seeds.from());
  }

  /// Runs these seeds, until all are done or the calling thread is interrupted, which stays set then.
  ///
  /// @throws IllegalStateException if the simulator itself is broken
  public static Result run(Seeds seeds, Progress progress) {
    return new Simulator(seeds, progress).run();
  }

  private Result run() {
    var started = System.nanoTime();
    var number = new AtomicLong();
    try (var threads = Executors.newFixedThreadPool(seeds.threads(), task -> Thread.ofPlatform()
        .daemon().name("simulate-" + number.incrementAndGet()).unstarted(task))) {
      var running = new ArrayList<Future<@Nullable Void>>();
      for (var i = 0; i < seeds.threads(); i++) {
        running.add(threads.submit((Callable<@Nullable Void>) () -> {
          runSeeds();
          return null;
        }));
      }
      await(running);
    }
    return result(Duration.ofNanos(System.nanoTime() - started));
  }

  private void await(List<Future<@Nullable Void>> running) {
    var interrupted = false;
    for (var each : running) {
      while (!each.isDone()) {
        try {
          each.get();
        } catch (InterruptedException e) {
          stop.set(true);
          interrupted = true;
        } catch (ExecutionException e) {
          stop.set(true);
          throw new IllegalStateException("the simulator is broken", e.getCause());
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runSeeds() {
    while (!stop.get()) {
      var seed = next.getAndIncrement();
      if (seed >= seeds.from() + seeds.count()) {
        return;
      }
      try {
        var run = seeds.scenario().run(seed);
        ended(run.simulated(), null);
      } catch (SimulationFailedException e) {
        ended(Duration.ZERO, new Failure(seed, e.report()));
      }
    }
  }

  private synchronized void ended(Duration took, @Nullable Failure failure) {
    done++;
    simulated = simulated.plus(took);
    if (failure != null) {
      failed++;
      keep(failure);
    }
    progress.at(done, failed, failures.stream().map(Failure::seed).toList());
  }

  /// Those with the lowest seeds; only of the lowest all that it says.
  private void keep(Failure failure) {
    failures.add(failure);
    failures.sort(Comparator.comparingLong(Failure::seed));
    for (var i = 1; i < failures.size(); i++) {
      var each = failures.get(i);
      failures.set(i, new Failure(each.seed(), each.report().lines().findFirst().orElse("")));
    }
    if (failures.size() > FAILURES_MAX) {
      failures.removeLast();
    }
  }

  private synchronized Result result(Duration took) {
    return new Result(done, failed, failures, simulated, took);
  }
}
