package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.Task1;
import dev.heddle.TaskOptions;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.redis.RedisAddress;
import dev.heddle.metadata.redis.RedisMetadataStore;
import dev.heddle.scheduler.Scheduler;
import dev.heddle.scheduler.SchedulerOptions;
import dev.heddle.wire.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/// Two schedulers that share two workers through one Redis: the keys of one never disturb the other's.
class SharedWorkersTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private TestCluster cluster;
  private String redis;
  private Client first;
  private Client second;
  private Scheduler ofSecond;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    var port = freePort();
    var server = RedisServer.newRedisServer().bind("127.0.0.1").port(port).setting("save \"\"")
        .setting("appendonly no").build();
    server.start();
    cluster.closing((AutoCloseable) server::stop);
    redis = "redis://127.0.0.1:" + port + "/0";
    cluster.start(cluster.options("a"), store());
    cluster.start(cluster.options("b"), store());
    first = client(scheduler(new Address("127.0.0.1", 0)));
    ofSecond = scheduler(new Address("127.0.0.1", 0));
    second = client(ofSecond);
    CALLS.set(0);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private MetadataStore store() throws Exception {
    return cluster.closing(RedisMetadataStore.open(RedisAddress.parse(redis)));
  }

  private Scheduler scheduler(Address listen) throws Exception {
    return cluster.closing(Scheduler.start(SchedulerOptions.of(cluster.secret).withListen(listen)
        .withMetadata(store())));
  }

  private Client client(Scheduler scheduler) throws IOException {
    return cluster.closing(Heddle.connect(scheduler.address().toString(),
        ClientOptions.DEFAULT.secret(cluster.secret)));
  }

  private static List<Integer> upTo(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static long sum(Client client, List<RemoteFuture<Integer>> numbers) throws Exception {
    Task1<Integer, Long> widened = number -> (long) number;
    return client.reduce(client.map(numbers, widened), Long::sum).get();
  }

  @Test
  void eachComputesOnBothWorkersAndLetsGoOfItsOwnOnly() throws Exception {
    var ofFirst = first.map(upTo(500), number -> number);
    var ofOther = second.map(upTo(500), number -> 2 * number);
    assertThat(sum(first, ofFirst)).isEqualTo(124_750);
    assertThat(sum(second, ofOther)).isEqualTo(249_500);
    for (var client : List.of(first, second)) {
      assertThat(client.info().workers()).extracting(worker -> worker.name())
          .containsExactlyInAnyOrder("a", "b");
    }
    first.close();
    Awaited.that(() -> assertThat(keys()).hasSize(500));
    assertThat(sum(second, ofOther)).isEqualTo(249_500);
    second.close();
    Awaited.that(() -> assertThat(keys()).isEmpty());
  }

  private List<String> keys() throws Exception {
    var keys = Stream.<String>builder();
    var looker = store();
    for (var worker : List.of("a", "b")) {
      looker.hasWhat(worker, entry -> keys.add(entry.key().text()));
    }
    return keys.build().distinct().toList();
  }

  @Test
  void theSameGivenKeyIsAnotherTaskForEach() throws Exception {
    // Not a method reference: that would take the counter along.
    Task<Integer> counted = () -> CALLS.incrementAndGet();
    var options = TaskOptions.NONE.key("same");
    var ofFirst = first.submit(counted, options);
    var ofSecondClient = second.submit(counted, options);
    assertThat(Stream.of(ofFirst.get(), ofSecondClient.get()))
        .containsExactlyInAnyOrder(1, 2);
    assertThat(ofFirst.key()).isNotEqualTo(ofSecondClient.key());
  }

  @Test
  void oneThatIsStartedAnewFindsItsOwnValuesAndLeavesTheOthers() throws Exception {
    Task1<Integer, Integer> counted = number -> {
      CALLS.incrementAndGet();
      return number;
    };
    var ofFirst = first.map(upTo(200), counted);
    var ofOther = second.map(upTo(200), counted);
    assertThat(sum(first, ofFirst)).isEqualTo(19_900);
    assertThat(sum(second, ofOther)).isEqualTo(19_900);
    var address = ofSecond.address();
    ofSecond.close();
    scheduler(address);
    assertThat(sum(second, ofOther)).isEqualTo(19_900);
    assertThat(sum(first, ofFirst)).isEqualTo(19_900);
    assertThat(CALLS).hasValue(400);
  }
}
