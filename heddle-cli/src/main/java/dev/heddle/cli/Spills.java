package dev.heddle.cli;

import dev.heddle.Client;
import dev.heddle.ClusterInfo;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// More values than the workers have memory for: how fast they are made while others go to disk, and how fast all of
/// them come back when they are needed in the same order, so that hardly one is still in memory. Plain files of as
/// many bytes, just before.
record Spills(Client client, long bytes, RawDisk disk) implements Bench {
  static final int VALUE_BYTES = 4 << 20;
  private static final long POLL_NANOS = 10_000_000;

  /// Bytes that no compression helps.
  private static final class Block {
    private static final byte[] BYTES = new byte[VALUE_BYTES];

    static {
      new SplittableRandom(1).nextBytes(BYTES);
    }
  }

  @Override
  public Measured once() throws Exception {
    var count = Math.toIntExact(bytes / VALUE_BYTES);
    var raw = disk.measure(bytes);
    var started = System.nanoTime();
    var values = client.map(IntStream.range(0, count).boxed().toList(), Spills::make);
    for (var completions = client.asCompleted(values).iterator(); completions.hasNext();) {
      completions.next();
    }
    var written = System.nanoTime();
    var spilledBytes = spilledBytes(written);
    var again = System.nanoTime();
    var sum = 0L;
    for (var number : client.gather(client.map(values, Spills::look))) {
      sum += number;
    }
    var ended = System.nanoTime();
    Bench.check(sum, (long) count * (count - 1) / 2);
    client.release(values);
    awaitRelease();
    var writeRate = (double) spilledBytes / (written - started);
    var readRate = (double) bytes / (ended - again);
    var rawWriteRate = (double) bytes / raw.writeNanos();
    var rawReadRate = (double) bytes / raw.readNanos();
    var rawNanos = spilledBytes / rawWriteRate + bytes / rawReadRate;
    return new Measured(written - started + ended - again, count)
        .moved(bytes + spilledBytes, (long) rawNanos)
        .with("spilledBytes", (double) spilledBytes)
        .with("writeGigabytesPerSecond", writeRate)
        .with("rawWriteGigabytesPerSecond", rawWriteRate)
        .with("writeRatioToRaw", writeRate / rawWriteRate)
        .with("readGigabytesPerSecond", readRate)
        .with("rawReadGigabytesPerSecond", rawReadRate)
        .with("readRatioToRaw", readRate / rawReadRate);
  }

  /// What the workers have written, as each told after `since`.
  private long spilledBytes(long since) throws InterruptedException {
    var workers = client.info().workers();
    while (!workers.stream()
        .allMatch(each -> each.sinceBeat().toNanos() < System.nanoTime() - since)) {
      LockSupport.parkNanos(POLL_NANOS);
      workers = client.info().workers();
    }
    return workers.stream().mapToLong(ClusterInfo.Worker::diskBytes).sum();
  }

  /// The next repetition begins with an empty disk.
  private void awaitRelease() throws InterruptedException {
    while (client.info().workers().stream().anyMatch(each -> each.diskBytes() > 0)) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  static byte[] make(Integer number) {
    var bytes = Block.BYTES.clone();
    for (var i = 0; i < Integer.BYTES; i++) {
      bytes[i] = (byte) (number >>> (Byte.SIZE * i));
    }
    return bytes;
  }

  /// @return the number it was made with
  static Long look(byte[] bytes) {
    var number = 0L;
    for (var i = 0; i < Integer.BYTES; i++) {
      number |= (long) Byte.toUnsignedInt(bytes[i]) << (Byte.SIZE * i);
    }
    var last = bytes.length - 1;
    return bytes[last] == Block.BYTES[last] ? number : -1;
  }
}
