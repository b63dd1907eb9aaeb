package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.Task1;
import dev.heddle.TaskOptions;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import dev.heddle.worker.MemoryOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A worker whose memory is full and that has no disk: what is made there goes to a worker that has room.
@Timeout(120)
class FullWorkerTest {
  private static final int VALUE_BYTES = 1 << 20;
  private static final int VALUES = 40;

  @Test
  void whatDoesNotFitGoesToAWorkerWithRoomAndWorkGoesOn() throws Exception {
    var memory = MemoryOptions.ofThisProcess().withSpillDirectory(Optional.empty())
        .withSharedBytesMax(0);
    try (var cluster = new TestCluster()) {
      var scheduler = cluster.closing(Scheduler.start(SchedulerOptions.of(cluster.secret)
          .withMetadata(cluster.store).withListen(new Address("127.0.0.1", 0))));
      cluster.start(cluster.options("small").withMemory(memory.withBytesMax(10L * VALUE_BYTES)));
      cluster.start(cluster.options("large").withMemory(memory.withBytesMax(400L * VALUE_BYTES)));
      var client = cluster.closing(Heddle.connect(scheduler.address().toString(),
          ClientOptions.DEFAULT.secret(cluster.secret)));
      Task1<Integer, byte[]> make = number -> {
        var bytes = new byte[VALUE_BYTES];
        Arrays.fill(bytes, number.byteValue());
        return bytes;
      };
      var there = TaskOptions.NONE.workers("small");
      var values = new ArrayList<RemoteFuture<byte[]>>();
      for (var i = 0; i < VALUES; i++) {
        values.add(client.submit(make, i, there));
      }
      var sums = client.map(values, (Task1<byte[], Integer>) bytes -> IntStream
          .range(0, bytes.length).map(i -> bytes[i]).sum());
      for (var i = 0; i < VALUES; i++) {
        assertThat(sums.get(i).get()).isEqualTo(i * VALUE_BYTES);
      }
      var small = client.info().workers().stream().filter(each -> each.name().equals("small"))
          .findFirst().orElseThrow();
      assertThat(small.memoryBytes()).isLessThanOrEqualTo(10L * VALUE_BYTES);
      for (var i = 0; i < VALUES; i++) {
        assertThat(values.get(i).get()).hasSize(VALUE_BYTES).contains((byte) i);
      }
    }
  }
}
