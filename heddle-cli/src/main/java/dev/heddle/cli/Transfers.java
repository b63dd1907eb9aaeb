package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import java.util.List;
import java.util.stream.IntStream;

/// What [BenchCommand] measures of values that move from one worker to another; a stream over a socket, of as many
/// bytes, just before.
final class Transfers {
  private static final int SMALL_BYTES = 1 << 10;

  private final Client client;
  private final TaskOptions there;
  private final TaskOptions here;
  private final RawStream raw;

  /// @param first the name of the worker that has the values
  /// @param second the name of the worker that needs them
  Transfers(Client client, String first, String second, RawStream raw) {
    this.client = client;
    this.raw = raw;
    there = TaskOptions.NONE.workers(first);
    here = TaskOptions.NONE.workers(second);
  }

  /// One large value, from the submission of the function that needs it to its result.
  Bench.Measured large(ValueKind kind, long bytes) throws Exception {
    try (var value = client.submit(ValueKind::make, kind, bytes, there)) {
      Bench.check(client.submit(ValueKind::look, value, there).get(), kind.looked(bytes));
      var rawNanos = raw.nanos(bytes);
      var started = System.nanoTime();
      var sum = client.submit(ValueKind::look, value, here).get();
      var nanos = System.nanoTime() - started;
      Bench.check(sum, kind.looked(bytes));
      return new Bench.Measured(nanos, 1).moved(bytes, rawNanos);
    }
  }

  /// Many values of 1 KiB, which one function needs.
  Bench.Measured small(int count) throws Exception {
    var values = client.map(IntStream.range(0, count).boxed().toList(), Transfers::bytes, there);
    client.submit(Transfers::sum, values, there).get();
    var rawNanos = raw.nanos((long) count * SMALL_BYTES);
    var started = System.nanoTime();
    var sum = client.submit(Transfers::sum, values, here).get();
    var nanos = System.nanoTime() - started;
    var expected = IntStream.range(0, count).mapToLong(i -> (byte) i).sum();
    Bench.check(sum, expected);
    client.release(values);
    return new Bench.Measured(nanos, count).moved((long) count * SMALL_BYTES, rawNanos);
  }

  static byte[] bytes(Integer number) {
    var bytes = new byte[SMALL_BYTES];
    bytes[0] = number.byteValue();
    return bytes;
  }

  static Long sum(List<RemoteFuture<byte[]>> values) throws Exception {
    var sum = 0L;
    for (var value : values) {
      sum += value.get()[0];
    }
    return sum;
  }
}
