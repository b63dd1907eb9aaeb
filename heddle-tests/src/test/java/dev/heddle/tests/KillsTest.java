package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.Task1;
import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whole processes that are killed in the middle of large graphs: it costs time, not the result.
@Timeout(300)
class KillsTest {
  private static final ChildOptions SMALL = ChildOptions.DEFAULT.withHeapBytesMax(256L << 20)
      .withJavaOptions(List.of("-XX:TieredStopAtLevel=1")).withSchedulerToo(true);
  /// How much larger the graphs are than in every build: `-Dheddle.scale=10`.
  private static final int SCALE = Integer.getInteger("heddle.scale", 1);

  @Test
  void aMergeSurvivesTheDeathOfOneOfTwoWorkers() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL)) {
      var client = cluster.client();
      var count = 2_000 * SCALE;
      var inputs = client.map(upTo(count), n -> n);
      var sum = client.submit(KillsTest::sumOf, inputs);
      inputs.get(count / 2).get();
      cluster.workers().getFirst().kill();
      assertThat(sum.get()).isEqualTo((long) count * (count - 1) / 2);
    }
  }

  @Test
  void aTreeSurvivesTheDeathOfOneOfTwoWorkers() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL)) {
      var client = cluster.client();
      var count = 4_096 * SCALE;
      var leaves = client.map(upTo(count), n -> (long) n);
      var total = client.reduce(leaves, Long::sum);
      leaves.get(count / 2).get();
      cluster.workers().getFirst().kill();
      assertThat(total.get()).isEqualTo((long) count * (count - 1) / 2);
    }
  }

  @Test
  void aChainSurvivesTheDeathOfOneOfTwoWorkers() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL)) {
      var client = cluster.client();
      var count = 1_000 * SCALE;
      var steps = chain(client, count);
      steps.get(count / 2).get();
      cluster.workers().getFirst().kill();
      assertThat(steps.getLast().get()).isEqualTo(count);
    }
  }

  @Test
  void aGraphSurvivesTheDeathOfTheSchedulerAndNothingRunsAgain() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL);
        var network = WorkerNetwork.open("looker", cluster.secret())) {
      var client = cluster.client();
      var count = 5_000 * SCALE;
      var leaves = client.map(upTo(count), n -> (long) n);
      Task1<Long, Long> next = n -> n + 1;
      var results = client.map(leaves, next);
      leaves.get(count / 4).get();
      killScheduler(cluster);
      cluster.restartScheduler();
      for (var i = 0; i < count; i++) {
        assertThat(results.get(i).get()).isEqualTo(i + 1L);
      }
      var called = 0L;
      for (var worker : cluster.workers()) {
        called += Long.parseLong(
            network.worker(cluster.addressOf(worker)).info().facts().get("called"));
      }
      assertThat(called).isEqualTo(2L * count);
    }
  }

  @Test
  void anythingMayDieTenTimes() throws Exception {
    var random = new Random(7);
    try (var cluster = LocalCluster.processes(3, SMALL)) {
      var client = cluster.client();
      var count = 10_000 * SCALE;
      var leaves = client.map(upTo(count), n -> (long) n);
      var total = client.reduce(leaves, Long::sum);
      for (var kill = 0; kill < 10; kill++) {
        leaves.get(count / 10 * kill).get(); // Not all before anything is done.
        var alive = cluster.workers().stream().filter(ChildNode::isAlive).toList();
        if (random.nextInt(alive.size() + 1) == 0) {
          killScheduler(cluster);
          cluster.restartScheduler();
        } else {
          alive.get(random.nextInt(alive.size())).kill();
          cluster.addWorker("another-" + kill);
        }
      }
      assertThat(total.get()).isEqualTo((long) count * (count - 1) / 2);
    }
  }

  @Test
  void nothingIsLeftOnWorkersAfterTheClientHasClosed() throws Exception {
    try (var cluster = LocalCluster.processes(2, SMALL);
        var network = WorkerNetwork.open("looker", cluster.secret())) {
      try (var client = cluster.connect()) {
        var leaves = client.map(upTo(1_000), n -> new byte[n]);
        var total = client.reduce(client.map(leaves, bytes -> (long) bytes.length), Long::sum);
        assertThat(total.get()).isEqualTo(499_500);
      }
      for (var worker : cluster.workers()) {
        var looker = network.worker(cluster.addressOf(worker));
        Awaited.that(() -> assertThat(looker.info().facts()).containsEntry("values", "0"));
      }
    }
  }

  @Test
  void aTaskThatKillsItsWorkersFailsAndNamesEachDeath() throws Exception {
    try (var cluster = LocalCluster.processes(4, SMALL)) {
      var client = cluster.client();
      Task<Integer> deadly = () -> {
        return new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid()))
            .start().waitFor();
      };
      var fatal = client.submit(deadly);
      assertThatThrownBy(fatal::get).isInstanceOf(ExecutionException.class)
          .hasMessageContaining("SIGKILL")
          .hasMessageContaining(fatal.key().text());
      assertThat(cluster.workers().stream().filter(ChildNode::isAlive)).hasSize(1);
      Task<Integer> harmless = () -> 3;
      assertThat(client.submit(harmless).get()).isEqualTo(3);
    }
  }

  private static void killScheduler(LocalCluster cluster)
      throws IOException, InterruptedException {
    var scheduler = cluster.scheduler().orElseThrow();
    scheduler.kill();
    assertThat(scheduler.deathWithin(java.time.Duration.ofSeconds(60))).isPresent();
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<RemoteFuture<Integer>> chain(Client client, int count) {
    Task<Integer> one = () -> 1;
    Task1<Integer, Integer> next = n -> n + 1;
    var steps = new ArrayList<RemoteFuture<Integer>>();
    steps.add(client.submit(one));
    for (var i = 1; i < count; i++) {
      steps.add(client.submit(next, steps.getLast()));
    }
    return steps;
  }

  static Long sumOf(List<RemoteFuture<Integer>> numbers) throws Exception {
    var sum = 0L;
    for (var number : numbers) {
      sum += number.get();
    }
    return sum;
  }
}
