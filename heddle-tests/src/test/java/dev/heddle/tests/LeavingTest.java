package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.RefusedException;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A worker that leaves while others stay.
class LeavingTest {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private TestCluster cluster;
  private Worker leaving;
  private WorkerClient a;
  private WorkerClient b;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    leaving = cluster.start(cluster.options("a").withThreads(1));
    a = cluster.client(leaving);
    b = cluster.worker("b");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void whatNobodyElseHasIsGivenAwayAndNothingElse() throws Exception {
    a.put(Map.of(Key.of("only-here"), 1, Key.of("everywhere"), 2));
    b.put(Key.of("everywhere"), 2);
    leaving.drain(GRACE);
    var ending = leaving.awaitEnd();
    assertThat(ending.handedOver()).isEqualTo(1);
    assertThat(ending.lost()).isEmpty();
    assertThat(b.get(Key.of("only-here"))).isEqualTo(1);
    Awaited.that(() -> {
      assertThat(cluster.holders("only-here")).containsExactly("b");
      assertThat(cluster.holders("everywhere")).containsExactly("b");
      assertThat(cluster.store.workers()).extracting(worker -> worker.id().name())
          .containsExactly("b");
    });
  }

  @Test
  void whatRunsIsFinishedAndWhatWaitsIsTurnedAway() throws Exception {
    var gate = Gate.closed();
    Task<String> slow = () -> {
      gate.pass();
      return "finished";
    };
    var runs = a.start(Key.of("runs"), slow);
    gate.awaitOne();
    var waits = a.start(Key.of("waits"), slow);
    Awaited.that(() -> assertThat(a.info().facts()).containsEntry("tasks", "2"));
    leaving.drain(GRACE);
    assertThatThrownBy(waits::await).isInstanceOfSatisfying(RefusedException.class,
        refused -> assertThat(refused.reason()).isEqualTo(Message.Reason.DRAINING))
        .hasMessageContaining("shuts down before 'waits' is done");
    assertThat(leaving.whatIsLeft()).isEqualTo("1 function runs (runs)");
    assertThatThrownBy(() -> a.compute(Key.of("late"), slow))
        .hasMessageContaining("shutting down");
    assertThatThrownBy(() -> a.put(Key.of("late"), 1)).hasMessageContaining("shutting down");
    gate.open();
    runs.await();
    assertThat(leaving.awaitEnd().handedOver()).isEqualTo(1);
    assertThat(b.get(Key.of("runs"))).isEqualTo("finished");
  }

  @Test
  void atTheEndOfTheGraceWhatRunsIsInterruptedAndItsCallerIsTold() throws Exception {
    var gate = Gate.closed();
    Task<String> endless = () -> {
      gate.pass();
      return "never";
    };
    var runs = a.start(Key.of("runs"), endless);
    gate.awaitOne();
    leaving.drain(Duration.ofMillis(200));
    assertThatThrownBy(runs::await).hasMessageContaining("'runs'");
    leaving.awaitEnd();
  }

  @Test
  void aFunctionThatIgnoresItsInterruptionDoesNotKeepAWorkerFromEnding() throws Exception {
    var gate = Gate.closed();
    Task<Integer> stubborn = gate::passStubbornly;
    var runs = a.start(Key.of("runs"), stubborn);
    gate.awaitOne();
    leaving.drain(Duration.ZERO);
    assertThatThrownBy(runs::await).hasMessageContaining("'runs'");
    assertThat(leaving.awaitEnd().defect()).isEmpty();
    gate.open();
  }

  @Test
  void theLastWorkerSaysWhatIsLostWithIt() throws Exception {
    cluster.close();
    cluster = new TestCluster();
    var last = cluster.start(cluster.options("last"));
    cluster.client(last).put(Key.of("x"), 1);
    last.drain(GRACE);
    assertThat(last.awaitEnd().lost()).isEqualTo(List.of(Key.of("x")));
  }
}
