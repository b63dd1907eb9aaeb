package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task1;
import dev.heddle.metadata.MetadataNode;
import dev.heddle.metadata.MetadataStore;
import dev.heddle.metadata.NameTakenException;
import dev.heddle.metadata.RemoteMetadataStore;
import dev.heddle.wire.Address;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.WorkerClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two workers whose store is a node of its own, which goes away and comes back.
class StoreAwayTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Key Z = Key.of("z");
  private static final Task1<Integer, Integer> PLUS_ONE = number -> number + 1;

  private TestCluster cluster;
  private MetadataNode node;
  private WorkerClient a;
  private WorkerClient b;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    node = open(new Address("127.0.0.1", 0));
    a = worker("a");
    b = worker("b");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    node.close();
  }

  private MetadataNode open(Address where) throws Exception {
    return MetadataNode.open(EndpointConfig.of(Hello.Role.METADATA, "metadata", cluster.secret),
        where);
  }

  private MetadataStore remote(String name) {
    return cluster.closing(RemoteMetadataStore.open(
        EndpointConfig.of(Hello.Role.WORKER, name + "-store", cluster.secret), node.address()));
  }

  private WorkerClient worker(String name) throws Exception {
    return cluster.client(cluster.start(
        cluster.options(name).withLease(Duration.ofSeconds(5)), remote(name)));
  }

  private List<String> holders(Key key) throws Exception {
    return Holders.names(node.store(), key);
  }

  @Test
  void withoutItsStoreAWorkerServesAndComputesAndWithANewOneItTellsAllAgain() throws Exception {
    a.put(X, 1);
    b.put(Z, 1);
    var address = node.address();
    node.close();
    Awaited.that(() -> assertThat(a.info().facts().get("store")).startsWith("away: "));
    Awaited.that(() -> assertThat(b.info().facts().get("store")).startsWith("away: "));

    assertThat(a.get(X)).isEqualTo(1);
    a.compute(Y, PLUS_ONE, X);
    a.put(Key.of("more"), 3);
    assertThat(a.get(List.of(Y, Key.of("more"))).values()).containsExactly(2, 3);
    assertThatThrownBy(() -> a.compute(Key.of("far"), PLUS_ONE, Z))
        .isInstanceOf(TaskFailedException.class).hasMessageContaining("'z'")
        .hasMessageContaining("cannot find out who has it")
        .hasMessageContaining("the metadata store " + address + " does not answer");
    // Who knows where an input is, needs no store.
    b.put(Key.of("told"), 5);
    var holder = new Holder(new dev.heddle.wire.WorkerId("b", 0), b.address(), "h", 8);
    a.startKnowing(Map.of(Key.of("told"), List.of(holder)), Key.of("near"), PLUS_ONE, false,
        Key.of("told")).await();

    node = open(address);
    Awaited.that(() -> {
      assertThat(holders(X)).containsExactly("a");
      assertThat(holders(Y)).containsExactly("a");
      assertThat(holders(Z)).containsExactly("b");
      assertThat(holders(Key.of("more"))).containsExactly("a");
      assertThat(holders(Key.of("told"))).containsExactly("a", "b");
    });
    Awaited.that(() -> assertThat(a.info().facts()).containsEntry("store", "reached"));
    a.compute(Key.of("far"), PLUS_ONE, Z);
    assertThat(a.get(Key.of("far"))).isEqualTo(2);
  }

  @Test
  void whatIsDeletedWhileTheStoreIsAwayIsNotToldAgain() throws Exception {
    a.put(Map.of(X, 1, Y, 2));
    var address = node.address();
    node.close();
    Awaited.that(() -> assertThat(a.info().facts().get("store")).startsWith("away: "));
    a.delete(List.of(X));
    node = open(address);
    Awaited.that(() -> assertThat(holders(Y)).containsExactly("a"));
    assertThat(holders(X)).isEmpty();
  }

  @Test
  void aSecondWorkerOfOneNameIsRefused() {
    assertThatThrownBy(() -> worker("a")).isInstanceOf(NameTakenException.class)
        .hasMessageContaining("a");
  }

  @Test
  void theNameOfAWorkerThatLeftIsFree() throws Exception {
    var third = cluster.start(cluster.options("third"), remote("third"));
    third.drain(Duration.ofSeconds(30));
    third.awaitEnd();
    assertThat(worker("third").ping()).isPositive();
  }
}
