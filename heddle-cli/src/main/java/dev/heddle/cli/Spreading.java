package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import java.util.ArrayList;
import java.util.List;

/// What [BenchCommand] measures of values that go to many workers; a stream over a socket, of as many bytes, just
/// before.
///
/// @param names of the workers
record Spreading(Client client, List<String> names, RawStream raw) {
  private static final int PAGE = 4096;

  /// From this process to every worker; then each looks at it.
  Bench.Measured scatter(long bytes) throws Exception {
    var value = bytes(Math.toIntExact(bytes));
    var movedBytes = bytes * names.size();
    var rawNanos = raw.nanos(movedBytes);
    var started = System.nanoTime();
    try (var everywhere = client.scatter(value, true)) {
      var nanos = System.nanoTime() - started;
      for (var name : names) {
        Bench.check(client.submit(Spreading::touch, everywhere, on(name)).get(),
            touch(value));
      }
      return new Bench.Measured(nanos, names.size()).moved(movedBytes, rawNanos);
    }
  }

  /// Each worker makes a block for each; each needs the blocks that were made for it, `bytes` in all.
  Bench.Measured shuffle(long bytes) throws Exception {
    var count = names.size();
    var length = Math.toIntExact(Math.max(1, bytes / count / count));
    var blocks = new ArrayList<List<RemoteFuture<byte[]>>>();
    for (var _ : names) {
      blocks.add(new ArrayList<>());
    }
    for (var maker : names) {
      for (var column : blocks) {
        column.add(client.submit(Spreading::bytes, length, on(maker)));
      }
    }
    for (var column : blocks) {
      for (var block : column) {
        Bench.check(client.submit(Spreading::lengthOf, block).get(), length);
      }
    }
    var movedBytes = (long) count * (count - 1) * length;
    var rawNanos = raw.nanos(movedBytes);
    var started = System.nanoTime();
    var sums = new ArrayList<RemoteFuture<Long>>();
    for (var i = 0; i < count; i++) {
      sums.add(client.submit(Spreading::touchAll, blocks.get(i), on(names.get(i))));
    }
    for (var sum : client.gather(sums)) {
      Bench.check(sum, count * touch(bytes(length)));
    }
    var nanos = System.nanoTime() - started;
    client.release(sums);
    blocks.forEach(client::release);
    return new Bench.Measured(nanos, (long) count * (count - 1))
        .moved(movedBytes, rawNanos);
  }

  private static TaskOptions on(String worker) {
    return TaskOptions.NONE.workers(worker);
  }

  static byte[] bytes(Integer length) {
    var bytes = new byte[length];
    for (var i = 0; i < length; i += PAGE) {
      bytes[i] = (byte) (i / PAGE);
    }
    return bytes;
  }

  static Integer lengthOf(byte[] bytes) {
    return bytes.length;
  }

  /// A byte of each page.
  static Long touch(byte[] bytes) {
    var sum = 0L;
    for (var i = 0; i < bytes.length; i += PAGE) {
      sum += bytes[i];
    }
    return sum;
  }

  static Long touchAll(List<RemoteFuture<byte[]>> blocks) throws Exception {
    var sum = 0L;
    for (var block : blocks) {
      sum += touch(block.get());
    }
    return sum;
  }
}
