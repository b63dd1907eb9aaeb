package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task;
import dev.heddle.code.Task1;
import dev.heddle.code.Task2;
import dev.heddle.wire.Key;
import dev.heddle.worker.InputFailedException;
import dev.heddle.worker.MissingValuesException;
import dev.heddle.worker.PendingTask;
import dev.heddle.worker.TaskFailedException;
import dev.heddle.worker.ValueTooLargeException;
import dev.heddle.worker.ValueUnsendableException;
import dev.heddle.worker.WorkerClient;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What functions may do, and what they should not, on two workers that every test finds alive and
/// idle again.
class FunctionsTest {
  private static final Key KEY = Key.of("key");

  private static TestCluster cluster;
  private static WorkerClient a;
  private static WorkerClient b;

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster();
    a = cluster.worker("a");
    b = cluster.worker("b");
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @AfterEach
  void bothWorkersAreAliveAndIdle() throws Exception {
    for (var worker : List.of(a, b)) {
      Task<String> alive = () -> "alive";
      worker.compute(Key.of("alive"), alive);
      assertThat(worker.get(Key.of("alive"))).isEqualTo("alive");
      for (var entry : List.of("alive", "key", "x", "y", "z")) {
        worker.delete(List.of(Key.of(entry)));
      }
      Awaited.that(() -> assertThat(worker.info().facts()).containsEntry("running", "")
          .containsEntry("tasks", "0").containsEntry("values", "0")
          .containsEntry("bytes", "0"));
    }
  }

  static final class OrderException extends Exception {
    private static final long serialVersionUID = 1;
    final int order;

    OrderException(int order) {
      super("no order " + order);
      this.order = order;
    }
  }

  @Test
  void whatAFunctionThrowsArrivesWithItsTypeItsMessageAndItsLine() {
    Task<String> failing = () -> {
      throw new OrderException(7);
    };
    assertThatThrownBy(() -> a.compute(KEY, failing)).isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("'key' failed on " + a.address()).hasMessageContaining("no order 7")
        .cause().isInstanceOfSatisfying(OrderException.class, thrown -> {
          assertThat(thrown.order).isEqualTo(7);
          assertThat(thrown.getStackTrace()[0].getMethodName())
              .contains("whatAFunctionThrowsArrives");
        });
  }

  @Test
  void anErrorIsAFailureLikeAnyOther() {
    Task<String> failing = () -> {
      throw new AssertionError("never");
    };
    assertThatThrownBy(() -> a.compute(KEY, failing)).isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(AssertionError.class).hasMessageContaining("never");
  }

  @Test
  void whatThrowsOnceMayBeComputedAgain() throws Exception {
    Task1<Integer, Integer> fails = number -> {
      throw new IOException("not yet");
    };
    assertThatThrownBy(() -> a.compute(KEY, fails, 1)).hasMessageContaining("not yet");
    Task1<Integer, Integer> works = number -> number + 1;
    a.compute(KEY, works, 1);
    assertThat(a.get(KEY)).isEqualTo(2);
  }

  @Test
  void recursionWithoutEndIsAFailure() {
    Task<Integer> endless = () -> deeper(0);
    assertThatThrownBy(() -> a.compute(KEY, endless)).isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("StackOverflowError");
  }

  @SuppressWarnings("InfiniteRecursion") // As users write it.
  private static int deeper(int depth) {
    return deeper(depth + 1) + 1;
  }

  @Test
  void allocatingMoreThanThereIsIsAFailure() {
    Task<long[]> greedy = () -> new long[Integer.MAX_VALUE - 8];
    assertThatThrownBy(() -> a.compute(KEY, greedy)).isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("OutOfMemoryError");
  }

  @Test
  void calledWithTooFewArgumentsItSaysHowManyItTakes() {
    Task2<Integer, Integer, Integer> add = Integer::sum;
    assertThatThrownBy(() -> a.compute(KEY, add, 1)).isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("takes 2 arguments but was called with 1");
  }

  static final class Repo {
    final int rows = 3;
  }

  record OrderService(Repo repo) implements Serializable {}

  @Test
  void aResultThatCannotTravelIsUsedWhereItIsAndItsFetchNamesThePath() throws Exception {
    Task<OrderService> make = () -> new OrderService(new Repo());
    Task1<OrderService, Integer> rows = service -> service.repo().rows;
    a.compute(Key.of("x"), make);
    a.compute(Key.of("y"), rows, Key.of("x"));
    assertThat(a.get(Key.of("y"))).isEqualTo(3);
    var path = "OrderService.repo (dev.heddle.tests.FunctionsTest$Repo)";
    assertThatThrownBy(() -> a.get(Key.of("x"))).isInstanceOf(ValueUnsendableException.class)
        .hasMessageContaining(path);
    assertThatThrownBy(() -> b.compute(Key.of("z"), rows, Key.of("x")))
        .isInstanceOf(TaskFailedException.class).hasMessageContaining("'x'")
        .hasMessageContaining("the worker a cannot send it").hasMessageContaining(path);
  }

  @Test
  void whatCannotTravelIsRefusedBeforeAnythingIsSent() {
    var repo = new Repo();
    Task<Integer> captures = () -> repo.rows;
    assertThatThrownBy(() -> a.compute(KEY, captures)).hasMessageContaining("FunctionsTest$Repo");
    assertThatThrownBy(() -> a.put(KEY, new OrderService(repo)))
        .hasMessageContaining("OrderService.repo (dev.heddle.tests.FunctionsTest$Repo)");
  }

  @Test
  void aResultOverTheLimitIsAFailureThatNamesTheLimit() {
    Task<byte[]> large = () -> new byte[(64 << 20) + 1];
    assertThatThrownBy(() -> a.compute(KEY, large)).isInstanceOf(TaskFailedException.class)
        .hasCauseInstanceOf(ValueTooLargeException.class).hasMessageContaining("'key'")
        .hasMessageContaining("at most " + (64 << 20)).hasMessageContaining("--value-limit");
  }

  @Test
  void aPutOverTheLimitIsRefusedAndNothingOfItIsStored() {
    var values = Map.of(Key.of("x"), "small", KEY, new byte[(64 << 20) + 1]);
    assertThatThrownBy(() -> a.put(values)).isInstanceOf(IOException.class)
        .hasMessageContaining("nothing was stored").hasMessageContaining("'key'")
        .hasMessageContaining("--value-limit");
    assertThatThrownBy(() -> a.get(Key.of("x"))).isInstanceOf(MissingValuesException.class);
  }

  @Test
  void nullIsAValue() throws Exception {
    a.put(Key.of("x"), null);
    Task1<@Nullable Object, String> isNull = value -> "it is " + value;
    Task<@Nullable Object> none = () -> null;
    b.compute(Key.of("y"), isNull, Key.of("x"));
    assertThat(b.get(Key.of("y"))).isEqualTo("it is null");
    assertThat(b.compute(Key.of("z"), none).type()).isEqualTo("null");
    assertThat(b.get(List.of(Key.of("z"), Key.of("x")))).containsExactly(
        new AbstractMap.SimpleEntry<>(Key.of("z"), null),
        new AbstractMap.SimpleEntry<>(Key.of("x"), null));
  }

  private record Point(int x, @Nullable String name) {}

  @Test
  void valuesOfAllKindsCrossTwoWorkersUnchanged() throws Exception {
    var doubles = new double[1 << 20];
    Arrays.setAll(doubles, i -> i / 3.0);
    var text = "Grüße, 世界 🌍 ".repeat(50_000);
    var values = List.<Object>of(true, 'c', (byte) 1, (short) 2, 3, 4L, 5f, 6d, "s", doubles, text,
        new byte[3 << 20], new int[][]{{1, 2}, {}}, new boolean[]{true, false},
        ByteBuffer.wrap(new byte[]{1, 2, 3}), List.of(1, List.of("a")), Map.of("k", 1),
        new Point[]{new Point(1, null)}, new Point(2, "b"), Duration.ofDays(1));
    Task1<Object, Object> same = value -> value;
    for (var value : values) {
      a.put(Key.of("x"), value);
      b.compute(Key.of("y"), same, Key.of("x"));
      assertThat(b.get(Key.of("y"))).isEqualTo(value);
      a.delete(List.of(Key.of("x")));
      b.delete(List.of(Key.of("x"), Key.of("y")));
    }
  }

  @Test
  void aFailedInputFailsWhatNeedsItAndNamesTheFirstCause() throws Exception {
    var gate = Gate.closed();
    Task<Integer> failing = () -> {
      gate.pass();
      throw new OrderException(8);
    };
    UnaryOperator<Integer> increment = (UnaryOperator<Integer> & Serializable) n -> n + 1;
    Task1<Integer, Integer> next = increment::apply;
    var x = a.start(Key.of("x"), failing);
    gate.awaitOne();
    var y = a.start(Key.of("y"), next, Key.of("x"));
    var z = a.start(Key.of("z"), next, Key.of("y"));
    a.info(); // Answered when what was asked before it on the same connection is under way.
    gate.open();
    assertThatThrownBy(x::await).hasCauseInstanceOf(OrderException.class);
    assertThatThrownBy(y::await).hasCauseInstanceOf(InputFailedException.class);
    assertThatThrownBy(z::await).hasMessageContaining("'x'").hasMessageContaining("no order 8")
        .cause().isInstanceOf(InputFailedException.class).hasCauseInstanceOf(OrderException.class);
  }

  @Test
  void aTaskThatWouldNeedItselfIsRefused() {
    Task1<Integer, Integer> same = value -> value;
    assertThatThrownBy(() -> a.compute(KEY, same, KEY)).isInstanceOf(IOException.class)
        .hasMessageContaining("would wait for itself");
  }

  // --- stopping

  @Test
  void cancelInterruptsWhatRunsAndFreesItsSlot() throws Exception {
    var gate = Gate.closed();
    Task<String> endless = () -> {
      gate.pass();
      return "not cancelled";
    };
    var x = a.start(Key.of("x"), endless);
    var y = a.start(Key.of("y"), endless);
    gate.awaitOne();
    gate.awaitOne();
    a.cancel(List.of(Key.of("x"), Key.of("y")));
    assertThatThrownBy(x::await).isInstanceOf(CancellationException.class)
        .hasMessageContaining("'x' was cancelled");
    assertThatThrownBy(y::await).isInstanceOf(CancellationException.class);
    // Both slots of the worker work again.
    var second = Gate.closed();
    Task<String> both = () -> {
      second.pass();
      return "done";
    };
    var again = List.of(a.start(Key.of("x"), both), a.start(Key.of("y"), both));
    second.awaitOne();
    second.awaitOne();
    second.open();
    for (var each : again) {
      each.await();
    }
  }

  @Test
  void cancelDropsWhatWaitsInLine() throws Exception {
    var gate = Gate.closed();
    Task1<Integer, Integer> slow = number -> {
      gate.pass();
      return number;
    };
    var x = a.start(Key.of("x"), slow, 1);
    var y = a.start(Key.of("y"), slow, 2);
    var z = a.start(Key.of("z"), slow, 3);
    gate.awaitOne();
    gate.awaitOne();
    a.cancel(List.of(Key.of("z")));
    assertThatThrownBy(z::await).isInstanceOf(CancellationException.class);
    gate.open();
    x.await();
    y.await();
    assertThatThrownBy(() -> a.get(Key.of("z"))).isInstanceOf(MissingValuesException.class);
    assertThat(gate.waiting()).as("the cancelled one never began").isZero();
  }

  @Test
  void whatIgnoresItsInterruptionKeepsOneSlotAndIsShownToRun() throws Exception {
    var gate = Gate.closed();
    Task<Integer> stubborn = gate::passStubbornly;
    var x = a.start(Key.of("x"), stubborn);
    gate.awaitOne();
    a.cancel(List.of(Key.of("x")));
    assertThatThrownBy(x::await).isInstanceOf(CancellationException.class);
    gate.awaitOne(); // It was interrupted, and waits again.
    assertThat(a.info().facts()).containsEntry("running", "x").containsEntry("tasks", "0");
    Task<String> other = () -> "the other slot works";
    a.compute(Key.of("y"), other);
    gate.open();
    Awaited.that(() -> assertThat(a.info().facts()).containsEntry("running", ""));
    assertThatThrownBy(() -> a.get(Key.of("x"))).isInstanceOf(MissingValuesException.class);
  }

  @Test
  void aCallerThatDisconnectsLeavesItsWorkToOthers() throws Exception {
    var gate = Gate.closed();
    Task<String> work = () -> {
      gate.pass();
      return "done for whoever asks";
    };
    try (var other = WorkerClient.connect(a.address(), cluster.secret)) {
      other.start(Key.of("x"), work);
      gate.awaitOne();
    }
    gate.open();
    a.compute(Key.of("x"), work);
    assertThat(a.get(Key.of("x"))).isEqualTo("done for whoever asks");
    assertThat(gate.waiting()).isZero();
  }

  // --- slots

  @Test
  void asManyRunAtOnceAsThereAreThreadsAndTheRestInOrder() throws Exception {
    var gates = List.of(Gate.closed(), Gate.closed(), Gate.closed(), Gate.closed());
    var pending = new ArrayList<PendingTask>();
    for (var i = 0; i < 4; i++) {
      var gate = gates.get(i);
      Task<String> waiting = () -> {
        gate.pass();
        return "through";
      };
      pending.add(a.start(Key.of("slot-" + i), waiting));
    }
    gates.get(0).awaitOne();
    gates.get(1).awaitOne();
    Awaited.that(() -> assertThat(a.info().facts()).containsEntry("running", "slot-0, slot-1")
        .containsEntry("tasks", "4"));
    assertThat(gates.get(2).waiting()).isZero();
    gates.get(1).open();
    gates.get(2).awaitOne();
    assertThat(gates.get(3).waiting()).isZero();
    gates.get(2).open();
    gates.get(3).awaitOne();
    gates.get(3).open();
    gates.get(0).open();
    for (var each : pending) {
      each.await();
      a.delete(List.of(each.key()));
    }
  }

  @Test
  void functionsThatOnlyWaitNeedNoSlot() throws Exception {
    var gate = Gate.closed();
    Task<String> waiting = () -> {
      gate.pass();
      return "through";
    };
    var pending = new ArrayList<PendingTask>();
    for (var i = 0; i < 20; i++) {
      pending.add(a.startKnowing(Map.of(), Key.of("wait-" + i), waiting, true));
    }
    for (var i = 0; i < 20; i++) {
      gate.awaitOne();
    }
    gate.open();
    for (var each : pending) {
      each.await();
      a.delete(List.of(each.key()));
    }
  }

  @Test
  void pingsAreAnsweredWhileEverySlotBurns() throws Exception {
    var gate = Gate.closed();
    gate.open();
    Task<Integer> burning = () -> {
      gate.pass();
      var spins = 0;
      while (!Thread.currentThread().isInterrupted()) {
        spins++;
      }
      return spins;
    };
    var x = a.start(Key.of("x"), burning);
    var y = a.start(Key.of("y"), burning);
    gate.awaitOne();
    gate.awaitOne();
    assertThat(a.ping()).isPositive();
    a.cancel(List.of(Key.of("x"), Key.of("y")));
    assertThatThrownBy(x::await).isInstanceOf(CancellationException.class);
    assertThatThrownBy(y::await).isInstanceOf(CancellationException.class);
  }
}
