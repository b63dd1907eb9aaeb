package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import java.util.List;
import java.util.stream.IntStream;

/// What [BenchCommand] measures of values that move from one worker to another.
final class Transfers implements AutoCloseable {
  /// How many elements of an array are looked at: enough that one is on each page.
  private static final int STRIDE = 256;
  private static final int SMALL_BYTES = 1 << 10;

  private final Client client;
  private final TaskOptions there;
  private final TaskOptions here;
  private final RawStream raw = new RawStream();

  /// @param first the name of the worker that has the values
  /// @param second the name of the worker that needs them
  Transfers(Client client, String first, String second) throws java.io.IOException {
    this.client = client;
    there = TaskOptions.NONE.workers(first);
    here = TaskOptions.NONE.workers(second);
  }

  /// One large array, from the submission of the function that needs it to its result; a stream over a socket just
  /// before.
  Bench.Measured large(long bytes) throws Exception {
    var length = Math.toIntExact(bytes / Double.BYTES);
    try (var value = client.submit(Transfers::array, length, there)) {
      Bench.check(client.submit(Transfers::look, value, there).get(), expected(length));
      var rawNanos = raw.nanos((long) length * Double.BYTES);
      var started = System.nanoTime();
      var sum = client.submit(Transfers::look, value, here).get();
      var nanos = System.nanoTime() - started;
      Bench.check(sum, expected(length));
      return new Bench.Measured(nanos, 1).moved((long) length * Double.BYTES, rawNanos);
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

  static double[] array(Integer length) {
    var array = new double[length];
    for (var i = 0; i < length; i++) {
      array[i] = i & 1023;
    }
    return array;
  }

  static Double look(double[] array) {
    var sum = 0.0;
    for (var i = 0; i < array.length; i += STRIDE) {
      sum += array[i];
    }
    return sum;
  }

  private static double expected(int length) {
    var sum = 0.0;
    for (var i = 0; i < length; i += STRIDE) {
      sum += i & 1023;
    }
    return sum;
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

  @Override
  public void close() throws java.io.IOException {
    raw.close();
  }
}
