package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.code.Task1;
import dev.heddle.metadata.redis.RedisAddress;
import dev.heddle.metadata.redis.RedisMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.Key;
import dev.heddle.wire.Secret;
import dev.heddle.worker.WorkerClient;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/// Two worker processes whose store is a real Redis: one of them is killed, then Redis is started
/// again without its data.
class RedisClusterTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");

  @TempDir
  private Path directory;

  private static RedisServer startRedis(int port) throws IOException {
    var server = RedisServer.newRedisServer().bind("127.0.0.1").port(port).setting("save \"\"")
        .setting("appendonly no").build();
    server.start();
    return server;
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  @Test
  void aKilledWorkerLeavesNoGhostAndAnEmptyRedisIsFilledAgain() throws Exception {
    var secretFile = directory.resolve("secret");
    var secret = Secret.create(secretFile);
    var environment = Map.of("HEDDLE_SECRET_FILE", secretFile.toString(), "HEDDLE_LEASE", "4s");
    var port = freePort();
    var where = "redis://127.0.0.1:" + port + "/0";
    var redis = startRedis(port);
    try (var first = JvmProcess.heddle(environment, "worker", where, "--name", "a");
        var second = JvmProcess.heddle(environment, "worker", where, "--name", "b");
        var network = WorkerNetwork.open("test", secret);
        var store = RedisMetadataStore.open(RedisAddress.parse(where))) {
      var a = client(network, first);
      var b = client(network, second);
      assertThat(store.workers()).extracting(worker -> worker.id().name())
          .containsExactly("a", "b");
      Task1<Integer, Integer> plusOne = number -> number + 1;
      a.put(X, 123);
      b.compute(Y, plusOne, X);
      assertThat(b.get(Y)).isEqualTo(124);
      assertThat(Holders.names(store, Y)).containsExactly("b");
      Awaited.that(() -> assertThat(Holders.names(store, X)).containsExactly("a", "b"));
      a.delete(List.of(X));
      Awaited.that(() -> assertThat(Holders.names(store, X)).containsExactly("b"));
      a.put(Key.of("only-a"), 1);

      second.signal("KILL");
      Awaited.that(() -> {
        assertThat(store.workers()).extracting(worker -> worker.id().name()).containsExactly("a");
        assertThat(Holders.names(store, X)).isEmpty();
        assertThat(Holders.names(store, Y)).isEmpty();
      });

      redis.stop();
      Awaited.that(() -> assertThat(a.info().facts().get("store")).startsWith("away: "));
      assertThat(a.get(Key.of("only-a"))).isEqualTo(1);
      a.put(Key.of("meanwhile"), 2);
      redis = startRedis(port);
      Awaited.that(() -> {
        assertThat(Holders.names(store, Key.of("only-a"))).containsExactly("a");
        assertThat(Holders.names(store, Key.of("meanwhile"))).containsExactly("a");
      });
      first.signal("TERM");
      assertThat(first.awaitExit()).as("%s", first).isZero();
      assertThat(store.workers()).isEmpty();
      assertThat(first.output()).contains("lost 2 values that nobody else has");
    } finally {
      redis.stop();
    }
  }

  private static WorkerClient client(WorkerNetwork network, JvmProcess worker) throws Exception {
    return network.worker(Address.parse(worker.awaitWordAfter(" at ")));
  }
}
