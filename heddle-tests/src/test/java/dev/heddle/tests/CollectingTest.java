package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task1;
import dev.heddle.code.TaskN;
import dev.heddle.wire.Address;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.worker.PendingTask;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How a worker gets what it lacks from peers that do as they should, and from others.
class CollectingTest {
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Key Z = Key.of("z");
  private static final Task1<Integer, Integer> PLUS_ONE = number -> number + 1;

  private TestCluster cluster;
  private Worker worker;
  private WorkerClient a;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    worker = cluster.start(cluster.options("a").withThreads(4));
    a = cluster.client(worker);
  }

  /// A worker that gives a peer half a second to answer. One that would have answered may be too
  /// slow for it as well, and is asked again.
  private WorkerClient impatient() throws Exception {
    var options = cluster.options("impatient");
    return cluster.client(cluster.start(options.withFetchTimeout(Duration.ofMillis(500))));
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  /// Where `first` is to be asked before `second`, whatever the store says.
  private static Map<Key, List<Holder>> inOrder(Holder... holders) {
    return Map.of(X, List.of(holders));
  }

  private PendingTask startWith(Map<Key, List<Holder>> holders) throws Exception {
    return startWith(a, holders);
  }

  private static PendingTask startWith(WorkerClient on, Map<Key, List<Holder>> holders)
      throws Exception {
    return on.startKnowing(holders, Y, PLUS_ONE, false, X);
  }

  private Holder holderNamed(String name) throws Exception {
    return Holders.named(cluster.store, X, name);
  }

  @Test
  void twoComputationsThatNeedTheSameKeyFetchItOnce() throws Exception {
    var mayAnswer = new CountDownLatch(1);
    var peer = ScriptedPeer.join(cluster, "peer", List.of(X), request -> {
      awaitQuietly(mayAnswer);
      return ScriptedPeer.gives(request, Map.of(X, 1));
    });
    var first = a.start(Y, PLUS_ONE, X);
    var second = a.start(Key.of("z"), PLUS_ONE, X);
    Awaited.that(() -> {
      assertThat(peer.asked).hasSize(1);
      assertThat(a.info().facts()).containsEntry("tasks", "2");
    });
    mayAnswer.countDown();
    first.await();
    second.await();
    assertThat(peer.asked).containsExactly(List.of(X));
    assertThat(a.get(List.of(Y, Key.of("z"))).values()).containsExactly(2, 2);
    // And later ones find it here.
    a.compute(Key.of("later"), PLUS_ONE, X);
    assertThat(peer.asked).hasSize(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void manyKeysOfOnePeerComeInOneRequest() throws Exception {
    var values = new LinkedHashMap<Key, Object>();
    for (var i = 0; i < 300; i++) {
      values.put(Key.of("part-" + i), i);
    }
    var peer = ScriptedPeer.join(cluster, "peer", List.copyOf(values.keySet()),
        request -> ScriptedPeer.gives(request, values));
    TaskN<Integer, Integer> sum = numbers -> numbers.stream().mapToInt(n -> n).sum();
    a.compute(Y, sum, values.keySet().toArray());
    assertThat(a.get(Y)).isEqualTo(299 * 300 / 2);
    assertThat(peer.asked).hasSize(1);
  }

  @Test
  void manyKeysComeInOneGetInTheOrderAskedFor() throws Exception {
    var values = new LinkedHashMap<Key, Object>();
    for (var i = 0; i < 5_000; i++) {
      values.put(Key.of("part-" + i), "value " + i);
    }
    a.put(values);
    var keys = new ArrayList<>(values.keySet()).reversed();
    assertThat(a.get(keys)).containsExactlyEntriesOf(
        new LinkedHashMap<>(values).reversed());
  }

  @Test
  void moreThanFitsIntoOneAnswerComesInSeveral() throws Exception {
    var values = new LinkedHashMap<Key, Object>();
    for (var i = 0; i < 5; i++) {
      values.put(Key.of("part-" + i), new byte[16 << 20]);
      a.put(Key.of("part-" + i), values.get(Key.of("part-" + i)));
    }
    var b = cluster.worker("b");
    TaskN<byte[], Integer> total = parts -> parts.stream().mapToInt(part -> part.length).sum();
    b.compute(Y, total, values.keySet().toArray());
    assertThat(b.get(Y)).isEqualTo(5 * (16 << 20));
  }

  @Test
  void aHolderThatDiedIsPassedOverForTheNext() throws Exception {
    var dead = ScriptedPeer.join(cluster, "dead", List.of(X), request -> Optional.empty());
    dead.close();
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    startWith(inOrder(dead.holder(), alive.holder())).await();
    assertThat(a.get(Y)).isEqualTo(2);
  }

  @Test
  void aHolderThatIsTooSlowIsPassedOverForTheNext() throws Exception {
    var slow = ScriptedPeer.join(cluster, "slow", List.of(X), request -> Optional.empty());
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    var impatient = impatient();
    startWith(impatient, inOrder(slow.holder(), alive.holder())).await();
    assertThat(slow.asked).isNotEmpty();
    assertThat(impatient.get(Y)).isEqualTo(2);
  }

  @Test
  void aHolderThatDiesWhileItIsAskedAgainIsPassedOverForTheNext() throws Exception {
    var mortal = new AtomicReference<ScriptedPeer>();
    mortal.set(ScriptedPeer.join(cluster, "mortal", List.of(X, Z), request -> {
      if (request.keys().contains(X)) {
        mortal.get().close();
        return Optional.empty();
      }
      return ScriptedPeer.gives(request, Map.of(Z, 5));
    }));
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    a.compute(Key.of("first"), PLUS_ONE, Z); // From now on there is a connection.
    startWith(inOrder(mortal.get().holder(), alive.holder())).await();
    assertThat(mortal.get().asked).containsExactly(List.of(Z), List.of(X));
    assertThat(a.get(Y)).isEqualTo(2);
  }

  @Test
  void whatComesTooLateIsNotTakenForTheNextAnswer() throws Exception {
    var mayAnswer = new CountDownLatch(1);
    var slow = ScriptedPeer.join(cluster, "slow", List.of(X, Z), request -> {
      if (request.keys().contains(X)) {
        awaitQuietly(mayAnswer);
      }
      return ScriptedPeer.gives(request, Map.of(X, 7, Z, 5));
    });
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    var impatient = impatient();
    startWith(impatient, inOrder(slow.holder(), alive.holder())).await();
    mayAnswer.countDown();
    impatient.compute(Key.of("second"), PLUS_ONE, Z);
    assertThat(impatient.get(Y)).isEqualTo(2);
    assertThat(impatient.get(Key.of("second"))).isEqualTo(6);
  }

  @Test
  void aHolderThatNoLongerHasItIsPassedOverForTheNext() throws Exception {
    var forgetful = ScriptedPeer.join(cluster, "forgetful", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of()));
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    startWith(inOrder(forgetful.holder(), alive.holder())).await();
    assertThat(forgetful.asked).hasSize(1);
    assertThat(a.get(Y)).isEqualTo(2);
  }

  @Test
  void anotherNodeAtAHoldersAddressIsNotAskedForItsValues() throws Exception {
    var other = ScriptedPeer.join(cluster, "other", List.of(),
        request -> ScriptedPeer.gives(request, Map.of(X, 1_000)));
    var alive = ScriptedPeer.join(cluster, "alive", List.of(X),
        request -> ScriptedPeer.gives(request, Map.of(X, 1)));
    var moved = new Holder(alive.holder().worker(), other.holder().address(), "elsewhere", 8);
    startWith(inOrder(moved, alive.holder())).await();
    assertThat(other.asked).isEmpty();
    assertThat(a.get(Y)).isEqualTo(2);
  }

  @Test
  void aBusyHolderIsAskedAgain() throws Exception {
    var times = new AtomicInteger();
    ScriptedPeer.join(cluster, "busy", List.of(X),
        request -> times.incrementAndGet() < 3
            ? Optional.of(new Message.Refused(Message.Reason.BUSY, "one moment"))
            : ScriptedPeer.gives(request, Map.of(X, 1)));
    a.compute(Y, PLUS_ONE, X);
    assertThat(a.get(Y)).isEqualTo(2);
    assertThat(times).hasValue(3);
  }

  @Test
  void whenNoHolderGivesItTheFailureSaysWhatEachOfThemSaid() throws Exception {
    ScriptedPeer.join(cluster, "dead", List.of(X), request -> Optional.empty()).close();
    ScriptedPeer.join(cluster, "slow", List.of(X), request -> Optional.empty());
    ScriptedPeer.join(cluster, "broken", List.of(X),
        request -> Optional.of(new Message.Refused(Message.Reason.INTERNAL, "disk on fire")));
    var impatient = impatient();
    assertThatThrownBy(() -> impatient.compute(Y, PLUS_ONE, X))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("its input 'x' cannot be had")
        .hasMessageContaining("the worker dead that has it cannot be reached")
        .hasMessageContaining("the worker slow that has it cannot be reached: it did not send")
        .hasMessageContaining("disk on fire");
  }

  @Test
  void aStaleEntryIsDropped() throws Exception {
    var b = cluster.worker("b");
    b.put(X, 1);
    var stale = holderNamed("b");
    b.delete(List.of(X));
    Awaited.that(() -> assertThat(cluster.holders("x")).isEmpty());
    cluster.store.register(stale.worker(), List.of(new Message.Entry(X, 8)));
    assertThatThrownBy(() -> a.compute(Y, PLUS_ONE, X))
        .hasMessageContaining("the worker b no longer has it");
    Awaited.that(() -> assertThat(cluster.holders("x")).isEmpty());
  }

  @Test
  void aWorkerThatEndsTakesItsEntriesWithIt() throws Exception {
    var ending = cluster.start(cluster.options("ending"));
    cluster.client(ending).put(X, 1);
    assertThat(cluster.holders("x")).containsExactly("ending");
    ending.close();
    assertThat(cluster.holders("x")).isEmpty();
    assertThatThrownBy(() -> a.compute(Y, PLUS_ONE, X)).hasMessageContaining("'x'");
  }

  @Test
  void nobodyAtAnAddressIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> cluster.caller.worker(new Address("127.0.0.1", 1)))
        .hasMessageContaining("heddle://127.0.0.1:1");
  }

  @Test
  void aRequestForAStoreIsRefusedByAWorkerAndSaysWhomToAsk() {
    var request = new Message.WhoHas(List.of(X));
    assertThatThrownBy(() -> cluster.caller.connections().to(worker.address()).call(request,
        Duration.ofSeconds(10))).hasMessageContaining("a is a worker")
        .hasMessageContaining("metadata store");
  }
}
