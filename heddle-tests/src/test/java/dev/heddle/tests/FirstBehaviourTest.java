package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task1;
import dev.heddle.code.Task2;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.worker.MissingInputException;
import dev.heddle.worker.MissingValuesException;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.ValuesRefusedException;
import dev.heddle.worker.WorkerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker did from the first day on.
class FirstBehaviourTest {
  private static final Task2<Integer, Integer, Integer> ADD = Integer::sum;
  private static final Key X = Key.of("x");
  private static final Key Y = Key.of("y");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TestCluster cluster;
  private WorkerClient a;
  private WorkerClient b;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    a = cluster.worker("a");
    b = cluster.worker("b");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void threePingsGetThreePongs() throws Exception {
    for (var i = 0; i < 3; i++) {
      assertThat(a.ping()).isPositive();
    }
  }

  @Test
  void aValueCanBeReadAgainAndAgain() throws Exception {
    a.put(X, 123);
    for (var i = 0; i < 3; i++) {
      assertThat(a.get(List.of(X))).containsExactly(Map.entry(X, 123));
    }
  }

  @Test
  void whatIsToldOfAWorkerCoversAllThatWasAskedOfItBefore() throws Exception {
    var value = new Payload(0, List.of(), new byte[]{1}, List.of());
    var calls = cluster.caller.connections().to(a.address())
        .startAll(List.of(new Message.PutData(Map.of(X, value), false), new Message.AskInfo(),
            new Message.DeleteData(List.of(X)), new Message.AskInfo()));
    assertThat(calls.get(1).await(PATIENCE)).isInstanceOfSatisfying(Message.NodeInfo.class,
        info -> assertThat(info.facts()).containsEntry("values", "1"));
    assertThat(calls.get(3).await(PATIENCE)).isInstanceOfSatisfying(Message.NodeInfo.class,
        info -> assertThat(info.facts()).containsEntry("values", "0"));
  }

  @Test
  void aComputationUsesWhatIsOnItsWorker() throws Exception {
    a.put(X, 123);
    var computed = a.compute(Y, ADD, X, 10);
    assertThat(computed.key()).isEqualTo(Y);
    assertThat(computed.type()).isEqualTo("java.lang.Integer");
    assertThat(a.get(Y)).isEqualTo(133);
    assertThat(cluster.holders("y")).containsExactly("a");
  }

  @Test
  void aComputationFetchesWhatOnlyAnotherWorkerHas() throws Exception {
    a.put(X, 123);
    b.compute(Y, ADD, X, 10);
    assertThat(b.get(Y)).isEqualTo(133);
    assertThat(cluster.holders("y")).containsExactly("b");
    assertThat(b.activity()).anySatisfy(activity -> {
      assertThat(activity).isInstanceOfSatisfying(Message.Activity.Fetched.class, fetched -> {
        assertThat(fetched.from()).isEqualTo("a");
        assertThat(fetched.first()).isEqualTo(X);
      });
    });
  }

  @Test
  void aComputationWhoseInputIsNowhereFailsAndNamesIt() throws Exception {
    assertThatThrownBy(() -> a.compute(Y, ADD, X, 10)).isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("'y'").hasMessageContaining("'x'")
        .hasMessageContaining("no worker has it")
        .hasCauseInstanceOf(MissingInputException.class);
    assertThat(cluster.holders("y")).isEmpty();
    assertThatThrownBy(() -> a.get(Y)).isInstanceOf(MissingValuesException.class)
        .hasMessageContaining("y");
    a.put(X, 1);
    a.compute(Y, ADD, X, 10);
    assertThat(a.get(Y)).isEqualTo(11);
  }

  @Test
  void putStoresAndRegistersAndDeleteRemovesAndUnregisters() throws Exception {
    a.put(X, "there");
    assertThat(cluster.holders("x")).containsExactly("a");
    a.delete(List.of(X));
    Awaited.that(() -> assertThat(cluster.holders("x")).isEmpty());
    assertThatThrownBy(() -> a.get(X)).isInstanceOf(MissingValuesException.class);
  }

  @Test
  void valuesDoNotChangeUnlessTheyAreDeletedFirst() throws Exception {
    a.put(X, 1);
    assertThatThrownBy(() -> a.put(X, 2)).isInstanceOf(ValuesRefusedException.class)
        .hasMessageContaining("'x' is stored here already");
    assertThat(a.get(X)).isEqualTo(1);
    a.delete(List.of(X));
    a.put(X, 2);
    assertThat(a.get(X)).isEqualTo(2);
    Awaited.that(() -> assertThat(cluster.holders("x")).containsExactly("a"));
  }

  @Test
  void whoHasAndHasWhatAgreeThroughPutsFetchesAndDeletes() throws Exception {
    a.put(Map.of(X, 1, Key.of("z"), 2));
    Task1<Integer, Integer> same = value -> value;
    b.compute(Y, same, X);
    // What b fetched, it has too.
    Awaited.that(() -> assertThat(cluster.holders("x")).containsExactly("a", "b"));
    assertThat(keysOf("a")).containsExactly("x", "z");
    assertThat(keysOf("b")).containsExactly("x", "y");
    a.delete(List.of(X));
    Awaited.that(() -> assertThat(cluster.holders("x")).containsExactly("b"));
    assertThat(keysOf("a")).containsExactly("z");
    assertThat(keysOf("b")).containsExactly("x", "y");
    b.delete(List.of(X, Y));
    Awaited.that(() -> assertThat(keysOf("b")).isEmpty());
    assertThat(cluster.holders("x")).isEmpty();
    assertThat(cluster.holders("z")).containsExactly("a");
  }

  private List<String> keysOf(String worker) throws Exception {
    var keys = new ArrayList<String>();
    cluster.store.hasWhat(worker, entry -> keys.add(entry.key().text()));
    return keys;
  }
}
