package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.Task1;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What [BenchCommand] measures; each checks its result too.
final class Benches {
  /// One run.
  ///
  /// @param latencies of each task in nanoseconds, sorted; empty where they are not measured
  /// @param bytes that moved; 0 where that is not measured
  /// @param rawNanos how long a socket took for as many bytes
  // Handed from the one that measures to the one that prints, never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Measured(long nanos, int tasks, long[] latencies, long bytes, long rawNanos) {
    Measured(long nanos, int tasks, long[] latencies) {
      this(nanos, tasks, latencies, 0, 0);
    }

    static Measured moved(long nanos, int values, long bytes, long rawNanos) {
      return new Measured(nanos, values, NONE, bytes, rawNanos);
    }

    double gigabytesPerSecond() {
      return (double) bytes / nanos;
    }

    double rawGigabytesPerSecond() {
      return (double) bytes / rawNanos;
    }

    double percentileMicros(double part) {
      return latencies[(int) Math.min(latencies.length - 1L, (long) (part * latencies.length))]
          / 1e3;
    }
  }

  private static final long[] NONE = {};

  private final Client client;

  Benches(Client client) {
    this.client = client;
  }

  /// Submit with one call, and wait until all results are here.
  Measured noopMap(int count) throws Exception {
    var items = IntStream.range(0, count).boxed().toList();
    var started = System.nanoTime();
    var futures = client.map(items, Benches::same);
    var sum = 0L;
    for (var value : client.gather(futures)) {
      sum += value;
    }
    var nanos = System.nanoTime() - started;
    check(sum, (long) count * (count - 1) / 2);
    client.release(futures);
    return new Measured(nanos, count, NONE);
  }

  /// Submit one by one.
  Measured noopSingle(int count) throws Exception {
    Task<Integer> one = () -> 1;
    var started = System.nanoTime();
    var futures = new ArrayList<RemoteFuture<Integer>>(count);
    for (var i = 0; i < count; i++) {
      futures.add(client.submit(one));
    }
    var sum = 0L;
    for (var value : client.gather(futures)) {
      sum += value;
    }
    var nanos = System.nanoTime() - started;
    check(sum, count);
    client.release(futures);
    return new Measured(nanos, count, NONE);
  }

  /// One after another, each when the one before has its result.
  Measured latency(int count) throws Exception {
    Task<Integer> one = () -> 1;
    var latencies = new long[count];
    var started = System.nanoTime();
    var sum = 0L;
    for (var i = 0; i < count; i++) {
      var from = System.nanoTime();
      try (var future = client.submit(one)) {
        sum += future.get();
      }
      latencies[i] = System.nanoTime() - from;
    }
    var nanos = System.nanoTime() - started;
    check(sum, count);
    Arrays.sort(latencies);
    return new Measured(nanos, count, latencies);
  }

  Measured chain(int count) throws Exception {
    Task<Integer> zero = () -> 0;
    Task1<Integer, Integer> next = n -> n + 1;
    var started = System.nanoTime();
    var last = client.submit(zero);
    for (var i = 1; i < count; i++) {
      var before = last;
      last = client.submit(next, before);
      before.close();
    }
    var steps = last.get();
    var nanos = System.nanoTime() - started;
    check(steps, count - 1L);
    last.close();
    return new Measured(nanos, count, NONE);
  }

  Measured tree(int leaves) throws Exception {
    var items = LongStream.range(0, leaves).boxed().toList();
    var started = System.nanoTime();
    var level = client.map(items, Benches::sameLong);
    var tasks = leaves;
    while (level.size() > 1) {
      var above = new ArrayList<RemoteFuture<Long>>((level.size() + 1) / 2);
      for (var i = 0; i + 1 < level.size(); i += 2) {
        above.add(client.submit(Long::sum, level.get(i), level.get(i + 1)));
        tasks++;
      }
      if (level.size() % 2 == 1) {
        above.add(level.getLast());
      }
      level = above;
    }
    var sum = level.getFirst().get();
    var nanos = System.nanoTime() - started;
    check(sum, (long) leaves * (leaves - 1) / 2);
    return new Measured(nanos, tasks, NONE);
  }

  Measured merge(int inputs) throws Exception {
    var items = IntStream.range(0, inputs).boxed().toList();
    var started = System.nanoTime();
    var futures = client.map(items, Benches::same);
    var sum = client.submit(Benches::sumOf, futures).get();
    var nanos = System.nanoTime() - started;
    check(sum, (long) inputs * (inputs - 1) / 2);
    client.release(futures);
    return new Measured(nanos, inputs + 1, NONE);
  }

  static Integer same(Integer n) {
    return n;
  }

  static Long sameLong(Long n) {
    return n;
  }

  static Long sumOf(List<RemoteFuture<Integer>> numbers) throws Exception {
    var sum = 0L;
    for (var number : numbers) {
      sum += number.get();
    }
    return sum;
  }

  private static void check(long result, long expected) {
    if (result != expected) {
      throw new IllegalStateException("the result is " + result + " and should be " + expected
          + ": Heddle computed wrongly; please report it");
    }
  }

  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    var middle = sorted.length / 2;
    return sorted.length % 2 == 1
        ? sorted[middle]
        : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  static double least(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  static double most(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }
}
