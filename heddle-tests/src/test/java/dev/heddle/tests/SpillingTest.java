package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task1;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Jobs whose values take several times the memory that there is, in whole processes. With
/// `-Dheddle.scale=16` a worker with 512 MiB of heap gets through 8 GiB.
@Timeout(900)
class SpillingTest {
  private static final int SCALE = Integer.getInteger("heddle.scale", 1);
  private static final int VALUE_BYTES = 4 << 20;
  /// 512 MiB of values, on heaps of 128 MiB; or 8 GiB on heaps of 512.
  private static final int VALUES = 128 * SCALE;
  private static final long HEAP_BYTES = (SCALE == 1 ? 128L : 512) << 20;

  @TempDir
  Path temporary;

  private LocalCluster cluster(int workers) throws IOException, InterruptedException {
    return LocalCluster.processes(workers, ChildOptions.DEFAULT.withHeapBytesMax(HEAP_BYTES)
        .withJavaOptions(List.of("-Djava.io.tmpdir=" + temporary)));
  }

  private static long[] numbers(int seed) {
    var numbers = new long[VALUE_BYTES / Long.BYTES];
    for (var i = 0; i < numbers.length; i++) {
      numbers[i] = (long) seed * i;
    }
    return numbers;
  }

  private static long sumOf(long[] numbers) {
    var sum = 0L;
    for (var number : numbers) {
      sum += number;
    }
    return sum;
  }

  private static List<String> words(int seed) {
    var random = new Random(seed);
    return IntStream.range(0, 20_000).mapToObj(i -> i + " " + random.nextLong()).toList();
  }

  private List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (var directory : directories()) {
      try (var all = Files.newDirectoryStream(directory, "*.values")) {
        all.forEach(files::add);
      }
    }
    return files;
  }

  private static List<RemoteFuture<Long>> sums(Client client, List<RemoteFuture<long[]>> values) {
    Task1<long[], Long> sum = SpillingTest::sumOf;
    return client.map(values, sum);
  }

  private static void assertRight(List<RemoteFuture<Long>> sums) throws Exception {
    for (var i = 0; i < sums.size(); i++) {
      assertThat(sums.get(i).get()).isEqualTo(sumOf(numbers(i)));
    }
  }

  @Test
  void aJobWithManyTimesTheValuesThatFitIntoMemoryCompletes() throws Exception {
    try (var cluster = cluster(1)) {
      var client = cluster.client();
      var values = client.map(IntStream.range(0, VALUES).boxed().toList(), SpillingTest::numbers);
      assertRight(sums(client, values));
      assertThat(files()).isNotEmpty();
      // All of them once more, since their futures are kept: from disk.
      assertRight(sums(client, values));
      var worker = client.info().workers().getFirst();
      assertThat(worker.memoryBytes()).isLessThan(worker.memoryBytesMax());
      assertThat(worker.diskBytes()).isGreaterThan((long) VALUES * VALUE_BYTES / 2);
      values.forEach(RemoteFuture::close);
      Awaitility.await().untilAsserted(() -> assertThat(files()).isEmpty());
    }
  }

  @Test
  void objectsAreSpilledAndComeBackEqual() throws Exception {
    try (var cluster = cluster(2)) {
      var client = cluster.client();
      var values = client.map(IntStream.range(0, 100).boxed().toList(), SpillingTest::words);
      Task1<List<String>, Integer> hash = list -> list.hashCode();
      for (var round = 0; round < 2; round++) {
        var hashes = client.map(values, hash);
        for (var i = 0; i < values.size(); i++) {
          assertThat(hashes.get(i).get()).isEqualTo(words(i).hashCode());
        }
      }
      assertThat(files()).isNotEmpty();
    }
  }

  @Test
  void whatWasDamagedOnDiskIsComputedAgain() throws Exception {
    try (var cluster = cluster(1)) {
      var client = cluster.client();
      var values = client.map(IntStream.range(0, 64).boxed().toList(), SpillingTest::numbers);
      assertRight(sums(client, values));
      var files = new ArrayList<>(files());
      assertThat(files).hasSizeGreaterThan(4);
      Files.delete(files.get(0));
      Files.write(files.get(1), new byte[1_000]);
      var bytes = Files.readAllBytes(files.get(2));
      bytes[bytes.length / 2]++;
      Files.write(files.get(2), bytes);
      assertRight(sums(client, values));
      assertThat(client.submit(numbers -> numbers[1], values.getFirst()).get()).isZero();
    }
  }

  @Test
  void whatAKilledWorkerLeftOnDiskIsRemovedByTheNext() throws Exception {
    try (var cluster = cluster(2)) {
      var client = cluster.client();
      var values = client.map(IntStream.range(0, 96).boxed().toList(), SpillingTest::numbers);
      var sums = sums(client, values);
      sums.get(60).get();
      cluster.workers().getFirst().kill();
      assertRight(sums);
      var left = directories();
      assertThat(left).hasSize(2);
      cluster.addWorker("worker-3");
      Awaitility.await().untilAsserted(
          () -> assertThat(left.stream().filter(Files::exists)).hasSize(1));
    }
    Awaitility.await().untilAsserted(() -> assertThat(directories()).isEmpty());
  }

  private List<Path> directories() throws IOException {
    try (var all = Files.newDirectoryStream(
        temporary.resolve("heddle-spill-" + System.getProperty("user.name")))) {
      var directories = new ArrayList<Path>();
      all.forEach(directories::add);
      return directories;
    }
  }
}
