package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.Task1;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What [BenchCommand] measures of small tasks, from the first submission to the last result.
final class TaskBenches {
  private final Client client;

  TaskBenches(Client client) {
    this.client = client;
  }

  /// Submit with one call, and wait until all results are here.
  Bench.Measured noopMap(int count) throws Exception {
    var items = IntStream.range(0, count).boxed().toList();
    var started = System.nanoTime();
    var futures = client.map(items, TaskBenches::same);
    var sum = 0L;
    for (var value : client.gather(futures)) {
      sum += value;
    }
    var nanos = System.nanoTime() - started;
    Bench.check(sum, (long) count * (count - 1) / 2);
    client.release(futures);
    return new Bench.Measured(nanos, count);
  }

  /// Submit one by one.
  Bench.Measured noopSingle(int count) throws Exception {
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
    Bench.check(sum, count);
    client.release(futures);
    return new Bench.Measured(nanos, count);
  }

  /// One after another, each when the one before has its result.
  Bench.Measured latency(int count) throws Exception {
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
    Bench.check(sum, count);
    return new Bench.Measured(nanos, count)
        .with("p50Micros", Spread.percentile(latencies, 0.5) / 1e3)
        .with("p99Micros", Spread.percentile(latencies, 0.99) / 1e3);
  }

  Bench.Measured chain(int count) throws Exception {
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
    Bench.check(steps, count - 1L);
    last.close();
    return new Bench.Measured(nanos, count);
  }

  Bench.Measured tree(int leaves) throws Exception {
    var items = LongStream.range(0, leaves).boxed().toList();
    var started = System.nanoTime();
    var level = client.map(items, TaskBenches::sameLong);
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
    Bench.check(sum, (long) leaves * (leaves - 1) / 2);
    return new Bench.Measured(nanos, tasks);
  }

  Bench.Measured merge(int inputs) throws Exception {
    var items = IntStream.range(0, inputs).boxed().toList();
    var started = System.nanoTime();
    var futures = client.map(items, TaskBenches::same);
    var sum = client.submit(TaskBenches::sumOf, futures).get();
    var nanos = System.nanoTime() - started;
    Bench.check(sum, (long) inputs * (inputs - 1) / 2);
    client.release(futures);
    return new Bench.Measured(nanos, inputs + 1);
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
}
