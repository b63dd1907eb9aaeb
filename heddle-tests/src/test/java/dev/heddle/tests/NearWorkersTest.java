package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Worker processes of one host, which hand values over in shared memory; also when one is killed
/// that has handed over, or was handed, something.
@Timeout(300)
class NearWorkersTest {
  private static final ChildOptions SMALL = ChildOptions.DEFAULT.withHeapBytesMax(256L << 20)
      .withJavaOptions(List.of("-XX:TieredStopAtLevel=1"));
  private static final int BYTES = 8 << 20;

  /// What a function sees of what another worker made, which stays on its worker.
  private static final Map<String, ByteBuffer> SEEN = new HashMap<>();

  @BeforeEach
  void aHostThatHasIt() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/dev/shm"))
        && Files.getFileStore(Path.of("/dev/shm")).getUsableSpace() > 16L * BYTES);
  }

  @Test
  void valuesGoOverInSharedMemory() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL);
        var network = WorkerNetwork.open("looker", cluster.secret())) {
      var first = cluster.workers().getFirst();
      assertThat(sharedBytes(network, cluster, first)).isZero();
      for (var i = 0; i < 5; i++) {
        var array = cluster.client().submit(NearWorkersTest::array, i, on(first));
        assertThat(cluster.client().submit(NearWorkersTest::sum, array, notOn(cluster, first))
            .get()).isEqualTo(i * (BYTES / Long.BYTES));
      }
      assertThat(sharedBytes(network, cluster, first)).isEqualTo(BYTES);
    }
  }

  @Test
  void aResultThatWasAllocatedForItIsNotCopiedAtAll() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL);
        var network = WorkerNetwork.open("looker", cluster.secret())) {
      var first = cluster.workers().getFirst();
      var result = cluster.client().submit(NearWorkersTest::allocated, 3, on(first));
      assertThat(cluster.client().submit(NearWorkersTest::lastByte, result, notOn(cluster, first))
          .get()).isEqualTo((byte) 3);
      assertThat(sharedBytes(network, cluster, first)).isEqualTo(BYTES);
    }
  }

  @Test
  void whatIsMappedOutlivesTheWorkerThatMadeIt() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL)) {
      var client = cluster.client();
      var owner = cluster.workers().getFirst();
      var there = notOn(cluster, owner);
      var buffer = client.submit(NearWorkersTest::buffer, 7, on(owner));
      assertThat(client.submit(NearWorkersTest::keep, buffer, there).get()).isTrue();
      var directory = directoryOf(owner);
      assertThat(directory).exists();
      owner.kill();
      assertThat(owner.deathWithin(Duration.ofSeconds(60))).isPresent();
      assertThat(client.submit(NearWorkersTest::kept, 7, there).get()).isEqualTo(7);
      cluster.addWorker("next");
      assertThat(directory).doesNotExist();
    }
  }

  @Test
  void whatAKilledWorkerHadMappedIsNotUsedAgainAndOthersGoOn() throws Exception {
    try (var cluster = LocalCluster.processes(3, SMALL)) {
      var client = cluster.client();
      var owner = cluster.workers().getFirst();
      var reader = cluster.workers().get(1);
      var other = TaskOptions.NONE.workers(cluster.workers().get(2).name());
      RemoteFuture<ByteBuffer> buffer = client.submit(NearWorkersTest::buffer, 5, on(owner));
      assertThat(client.submit(NearWorkersTest::keep, buffer, on(reader)).get()).isTrue();
      reader.kill();
      assertThat(client.submit(NearWorkersTest::keep, buffer, other).get()).isTrue();
      var next = client.submit(NearWorkersTest::buffer, 6, on(owner));
      assertThat(client.submit(NearWorkersTest::first, next, other).get()).isEqualTo(6);
      assertThat(client.submit(NearWorkersTest::kept, 5, other).get()).isEqualTo(5);
    }
  }

  /// By what it has mapped.
  private static Path directoryOf(ChildNode worker) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + worker.pid() + "/maps"))) {
      return lines.filter(line -> line.contains("/dev/shm/heddle-"))
          .map(line -> line.substring(line.indexOf("/dev/shm/"), line.lastIndexOf('/')))
          .map(Path::of).findFirst().orElseThrow();
    }
  }

  private static TaskOptions on(ChildNode worker) {
    return TaskOptions.NONE.workers(worker.name());
  }

  private static TaskOptions notOn(LocalCluster cluster, ChildNode worker) {
    return on(
        cluster.workers().stream().filter(other -> other != worker).findFirst().orElseThrow());
  }

  private static long sharedBytes(WorkerNetwork network, LocalCluster cluster, ChildNode worker)
      throws Exception {
    return Long.parseLong(
        network.worker(cluster.addressOf(worker)).info().facts().get("sharedBytes"));
  }

  private static long[] array(Integer value) {
    var array = new long[BYTES / Long.BYTES];
    java.util.Arrays.fill(array, value);
    return array;
  }

  private static Integer sum(long[] array) {
    return (int) java.util.Arrays.stream(array).sum();
  }

  private static ByteBuffer buffer(Integer value) {
    return ByteBuffer.allocateDirect(BYTES).putInt(0, value);
  }

  private static MemorySegment allocated(Integer value) {
    return Heddle.allocate(BYTES).fill(value.byteValue());
  }

  private static Byte lastByte(MemorySegment memory) {
    return memory.get(ValueLayout.JAVA_BYTE, BYTES - 1);
  }

  private static Integer first(ByteBuffer buffer) {
    return buffer.getInt(0);
  }

  private static Boolean keep(ByteBuffer buffer) {
    SEEN.put("kept", buffer);
    return buffer.isDirect() && buffer.isReadOnly();
  }

  private static Integer kept(Integer expected) {
    var buffer = SEEN.get("kept");
    return buffer == null ? -expected : first(buffer);
  }
}
