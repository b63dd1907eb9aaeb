package dev.heddle.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;

/// The same small tasks for everyone, timed; prints a line a figure, as `bench/compare` reads them.
///
/// Every result is waited for and checked. What is counted is what ran between the first submission and the last
/// result, and all of it crosses threads, so no compiler can leave it out.
final class Work {
  /// Whoever runs a function that gives its number plus one.
  interface Runner {
    /// @return what waits for the result
    Callable<Integer> plusOne(int number) throws Exception;
  }

  /// Elements of the array that is moved: 64 MiB.
  static final int LENGTH = 8 << 20;
  static final int TASKS = 50_000;
  private static final int ALONE = 2_000;
  private static final long WARM_UP_NANOS = 10_000_000_000L;
  private static final long ROUND_NANOS = 500_000_000L;
  private static final int ROUNDS = 5;

  private Work() {}

  /// @param tasks how many are submitted before the first result is waited for
  static void measure(Runner runner, int tasks) throws Exception {
    many(runner, tasks, WARM_UP_NANOS);
    var rates = new double[ROUNDS];
    for (var i = 0; i < ROUNDS; i++) {
      rates[i] = many(runner, tasks, ROUND_NANOS);
    }
    say("tasksPerSecond", median(rates));
    var latencies = new double[ALONE];
    for (var round = 0; round < 2; round++) {
      for (var i = 0; i < ALONE; i++) {
        var started = System.nanoTime();
        check(runner.plusOne(i).call(), i + 1);
        latencies[i] = (System.nanoTime() - started) / 1e3;
      }
    }
    say("p50Micros", median(latencies));
    var steps = new double[ROUNDS];
    for (var round = 0; round < ROUNDS; round++) {
      var started = System.nanoTime();
      var number = 0;
      for (var i = 0; i < ALONE; i++) {
        number = runner.plusOne(number).call();
      }
      check(number, ALONE);
      steps[round] = (System.nanoTime() - started) / 1e3 / ALONE;
    }
    say("chainMicros", median(steps));
  }

  /// @param look gives the length of an array of [#LENGTH] doubles that another process has
  static void transfer(Callable<Long> look) throws Exception {
    var rates = new double[ROUNDS];
    for (var i = -ROUNDS; i < ROUNDS; i++) {
      var started = System.nanoTime();
      check(look.call(), LENGTH);
      if (i >= 0) {
        rates[i] = (double) LENGTH * Double.BYTES / (System.nanoTime() - started);
      }
    }
    say("gigabytesPerSecond", median(rates));
  }

  /// All submitted, then all results waited for; again until so much time is over, and once at least. @return tasks
  /// a second
  private static double many(Runner runner, int tasks, long nanos) throws Exception {
    var spent = 0L;
    var done = 0L;
    while (spent < nanos) {
      var started = System.nanoTime();
      var results = new ArrayList<Callable<Integer>>(tasks);
      for (var i = 0; i < tasks; i++) {
        results.add(runner.plusOne(i));
      }
      var sum = 0L;
      for (var result : results) {
        sum += result.call();
      }
      spent += System.nanoTime() - started;
      done += tasks;
      check(sum, tasks * (tasks + 1L) / 2);
    }
    return done * 1e9 / spent;
  }

  private static void check(long result, long expected) {
    if (result != expected) {
      throw new IllegalStateException("the result is " + result + ", not " + expected);
    }
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void say(String figure, double value) {
    System.out.println(String.format(Locale.ROOT, "%s %.3f", figure, value));
  }
}
