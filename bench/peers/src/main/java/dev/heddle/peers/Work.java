package dev.heddle.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Future;

/// The same small tasks for everyone, timed; prints a line a figure, as `bench/compare` reads them.
final class Work {
  /// Whoever runs a function that gives its number plus one.
  interface Runner {
    Future<Integer> plusOne(int number);
  }

  private static final int TASKS = 50_000;
  private static final int ALONE = 2_000;
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final int ROUNDS = 5;

  private Work() {}

  static void measure(Runner runner) throws Exception {
    many(runner, WARM_UP_NANOS);
    var rates = new double[ROUNDS];
    for (var i = 0; i < ROUNDS; i++) {
      rates[i] = many(runner, 0);
    }
    say("tasksPerSecond", median(rates));
    var latencies = new double[ALONE];
    for (var round = 0; round < 2; round++) {
      for (var i = 0; i < ALONE; i++) {
        var started = System.nanoTime();
        check(runner.plusOne(i).get(), i + 1);
        latencies[i] = (System.nanoTime() - started) / 1e3;
      }
    }
    say("p50Micros", median(latencies));
    var steps = new double[ROUNDS];
    for (var round = 0; round < ROUNDS; round++) {
      var started = System.nanoTime();
      var number = 0;
      for (var i = 0; i < ALONE; i++) {
        number = runner.plusOne(number).get();
      }
      check(number, ALONE);
      steps[round] = (System.nanoTime() - started) / 1e3 / ALONE;
    }
    say("chainMicros", median(steps));
  }

  /// All submitted, then all results waited for; again until the time is over. @return tasks a second, the last time
  private static double many(Runner runner, long nanos) throws Exception {
    var until = System.nanoTime() + nanos;
    while (true) {
      var started = System.nanoTime();
      var futures = new ArrayList<Future<Integer>>(TASKS);
      for (var i = 0; i < TASKS; i++) {
        futures.add(runner.plusOne(i));
      }
      var sum = 0L;
      for (var future : futures) {
        sum += future.get();
      }
      check(sum, TASKS * (TASKS + 1L) / 2);
      var ended = System.nanoTime();
      if (ended >= until) {
        return TASKS * 1e9 / (ended - started);
      }
    }
  }

  static void check(long result, long expected) {
    if (result != expected) {
      throw new IllegalStateException("the result is " + result + ", not " + expected);
    }
  }

  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  static void say(String figure, double value) {
    System.out.println(String.format(Locale.ROOT, "%s %.3f", figure, value));
  }
}
