package dev.heddle.tests;

import static dev.heddle.tests.ToyScheduler.carried;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task;
import dev.heddle.code.Task1;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.wire.RefusedException;
import dev.heddle.worker.MemoryOptions;
import dev.heddle.worker.Worker;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How a worker of one thread serves schedulers that come, go and come back, and what it offers to the
/// functions that they send.
class ServiceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Task<Integer> ONE = () -> 1;

  private TestCluster cluster;
  private Worker worker;
  private ToyScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    worker = cluster.start(
        cluster.options("a").withThreads(1).withResources(Map.of("GPU", 2, "licence", 1))
            .withMemory(MemoryOptions.ofThisProcess().withBytesMax(1_000_000)));
    scheduler = cluster.closing(new ToyScheduler(cluster.secret, "abc"));
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private static Task<Integer> passing(Gate gate) {
    return () -> {
      gate.pass();
      return 0;
    };
  }

  @Test
  void whoeverAttachesIsToldWhatThereIs() throws Exception {
    assertThat(scheduler.attach(worker.address(), true))
        .isEqualTo(new Message.Attached(1, Map.of("GPU", 2, "licence", 1), 1_000_000));
    assertThat(scheduler.stored()).isEmpty();
    assertThat(scheduler.unfinished()).isEmpty();
  }

  @Test
  void aSchedulerThatWasLostFindsWhatWasDoneAndWhatIsNot() throws Exception {
    scheduler.attach(worker.address(), true);
    var gate = Gate.closed();
    var x = scheduler.key("x");
    var y = scheduler.key("y");
    var z = scheduler.key("z");
    scheduler.awaitValue(scheduler.assign(x, carried(ONE)));
    cluster.client(worker).put(Key.of("not-of-the-scheduler"), 1);
    scheduler.assign(y, carried(passing(gate)));
    scheduler.assign(z, carried(ONE));
    gate.awaitOne();
    scheduler.lose();
    scheduler.attach(worker.address(), true);
    assertThat(scheduler.stored()).containsExactly(x);
    assertThat(scheduler.unfinished()).containsExactly(y, z);
    var again = scheduler.assign(y, carried(ONE));
    scheduler.attachAgain(true); // So that this has been heard.
    gate.open();
    assertThat(scheduler.awaitValue(again)).as("what runs is not run twice").isEqualTo(0);
    var stored = scheduler.awaitEnd(scheduler.assign(x, carried(ONE)));
    assertThat(stored).isInstanceOf(TaskEnd.Ready.class);
    assertThat(cluster.client(worker).get(y)).isEqualTo(0);
    Awaited.that(() -> assertThat(cluster.client(worker).get(z)).isEqualTo(1));
  }

  @Test
  void aLongListIsToldInPieces() throws Exception {
    scheduler.attach(worker.address(), true);
    var callee = scheduler.define(ONE);
    var notices = new Message.Notice[5_000];
    var keys = new HashSet<Key>();
    for (var i = 0; i < notices.length; i++) {
      var key = scheduler.key("x");
      keys.add(key);
      notices[i] = scheduler.assignment(key, callee);
    }
    scheduler.say(notices);
    for (var each : notices) {
      scheduler.awaitValue(((Message.Assign) each).task());
    }
    scheduler.lose();
    scheduler.attach(worker.address(), true);
    assertThat(scheduler.stored()).hasSameSizeAs(keys);
    assertThat(new HashSet<>(scheduler.stored())).isEqualTo(keys);
  }

  @Test
  void anUnfinishedTaskThatNobodyWantsAnyMoreIsStoppedByARelease() throws Exception {
    scheduler.attach(worker.address(), true);
    var gate = Gate.closed();
    var y = scheduler.key("y");
    scheduler.assign(y, carried(passing(gate)));
    gate.awaitOne();
    scheduler.lose();
    scheduler.attach(worker.address(), true);
    scheduler.say(new Message.Release(List.of(y)));
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(ONE))))
        .isEqualTo(1);
  }

  @Test
  void aNewConnectionOfASchedulerTakesTheOldOnesPlace() throws Exception {
    scheduler.attach(worker.address(), true);
    var gate = Gate.closed();
    var y = scheduler.key("y");
    scheduler.assign(y, carried(passing(gate)));
    gate.awaitOne();
    var second = cluster.closing(new ToyScheduler(cluster.secret, "abc"));
    second.attach(worker.address(), true);
    assertThat(scheduler.awaitClosed()).contains("has attached on another connection");
    assertThat(second.unfinished()).containsExactly(y);
    var again = second.assign(y, carried(ONE));
    second.attachAgain(true); // So that this has been heard.
    gate.open();
    assertThat(second.awaitValue(again)).isEqualTo(0);
    assertThat(scheduler.untoldSoFar()).isEmpty();
  }

  @Test
  void twoSchedulersShareOneWorker() throws Exception {
    var other = cluster.closing(new ToyScheduler(cluster.secret, "xyz"));
    scheduler.attach(worker.address(), true);
    other.attach(worker.address(), true);
    var gate = Gate.closed();
    var first = scheduler.assign(scheduler.key("gate"), carried(passing(gate)));
    gate.awaitOne();
    var ones = List.of(scheduler.assign(scheduler.key("x"), carried(ONE)),
        scheduler.assign(scheduler.key("x"), carried(ONE)));
    scheduler.attachAgain(true);
    var others = other.assign(other.key("x"), carried(ONE));
    other.attachAgain(true);
    other.say(new Message.Recall(ones), new Message.Abort(ones)); // Its own numbers are others.
    var beat = other.awaitBeat();
    assertThat(beat.assignsSeen()).isEqualTo(1);
    gate.open();
    assertThat(scheduler.awaitValue(first)).isEqualTo(0);
    for (var task : ones) {
      assertThat(scheduler.awaitValue(task)).isEqualTo(1);
    }
    assertThat(others).isEqualTo(ones.getFirst() - 1);
  }

  @Test
  void aBeatSaysWhatTheWorkerBelieves() throws Exception {
    scheduler.attach(worker.address(), true);
    var gate = Gate.closed();
    scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(ONE)));
    var running = scheduler.assign(scheduler.key("y"), carried(passing(gate)));
    gate.awaitOne();
    var waiting = scheduler.assign(scheduler.key("z"), carried(ONE));
    scheduler.attachAgain(true);
    var beat = scheduler.awaitBeat();
    assertThat(beat.assignsSeen()).isEqualTo(3);
    assertThat(beat.unfinished()).containsExactly(running, waiting);
    assertThat(beat.running()).containsExactly(running);
    assertThat(beat.values()).isEqualTo(1);
    assertThat(beat.memoryBytes()).isEqualTo(16);
    assertThat(beat.paused()).isEmpty();
    gate.open();
  }

  @Test
  void whoeverHasNotAttachedIsNotListenedTo() throws Exception {
    var connection = scheduler.attach(worker.address(), true);
    assertThat(connection.slots()).isEqualTo(1);
    scheduler.lose();
    var stranger = cluster.closing(new ToyScheduler(cluster.secret, "xyz"));
    assertThatThrownBy(() -> stranger.attach(worker.address(), true, "no namespace"))
        .isInstanceOf(RefusedException.class).hasMessageContaining("'no namespace'");
    stranger.say(new Message.Release(List.of(Key.of("x"))));
    assertThat(stranger.awaitClosed()).contains("only a scheduler that has attached says Release");
  }

  @Test
  void aWorkerThatIsRetiredGivesItsValuesAwayAndLeaves() throws Exception {
    var other = cluster.start(cluster.options("b"));
    scheduler.attach(worker.address(), true);
    var x = scheduler.key("x");
    scheduler.awaitValue(scheduler.assign(x, carried(ONE)));
    var connection = scheduler.connection();
    assertThatThrownBy(() -> connection.call(new Message.Retire("b"), PATIENCE))
        .hasMessageContaining("this is the worker a, not b");
    assertThat(connection.call(new Message.Retire("a"), PATIENCE)).isEqualTo(new Message.Done());
    assertThat(worker.awaitEnd(PATIENCE)).hasValueSatisfying(ending -> {
      assertThat(ending.handedOver()).isEqualTo(1);
      assertThat(ending.lost()).isEmpty();
    });
    assertThat(cluster.client(other).get(x)).isEqualTo(1);
    assertThat(cluster.holders(x.text())).containsExactly("b");
  }

  // --- what functions are offered

  @Test
  void aFunctionThatWaitsGivesItsSlotToTheOneThatItWaitsFor() throws Exception {
    scheduler.attach(worker.address(), true);
    var gate = Gate.closed();
    Task<String> waits = () -> TaskScope.current().orElseThrow().withoutSlot(() -> {
      gate.pass();
      return "waited";
    });
    Task<Integer> opens = () -> {
      gate.open();
      return 1;
    };
    var first = scheduler.assign(scheduler.key("x"), carried(waits));
    assertThat(scheduler.awaitWaits()).isEqualTo(new Message.Waits(first, true));
    var second = scheduler.assign(scheduler.key("y"), carried(opens));
    assertThat(List.of(scheduler.awaitEnded().task(), scheduler.awaitEnded().task()))
        .containsExactlyInAnyOrder(first, second);
    assertThat(scheduler.awaitWaits()).isEqualTo(new Message.Waits(first, false));
  }

  @Test
  void tasksThatWaitForTasksAsDeepAsYouLikeNeedNoSecondSlot() throws Exception {
    scheduler.attach(worker.address(), true);
    var depth = 100;
    var gates = new Gate[depth + 1];
    for (var i = 0; i <= depth; i++) {
      gates[i] = Gate.closed();
    }
    for (var i = 0; i < depth; i++) {
      var awaited = gates[i + 1];
      var own = gates[i];
      Task<Integer> nested = () -> TaskScope.current().orElseThrow().withoutSlot(() -> {
        awaited.pass();
        own.open();
        return 1;
      });
      scheduler.assign(scheduler.key("x"), carried(nested));
    }
    var last = gates[depth];
    Task<Integer> bottom = () -> {
      last.open();
      return 1;
    };
    scheduler.assign(scheduler.key("x"), carried(bottom));
    for (var i = 0; i <= depth; i++) {
      assertThat(scheduler.awaitEnded().end()).isInstanceOf(TaskEnd.Ready.class);
    }
    Awaited.that(() -> assertThat(threadsOf("a/slot-")).as("slots that are needed no longer end")
        .hasSize(1));
  }

  private static final Set<String> CLOSED = ConcurrentHashMap.newKeySet();

  record Thing(String name) implements AutoCloseable {
    @Override
    public void close() {
      CLOSED.add(name);
    }
  }

  @Test
  void tasksOfOneSchedulerShareAThingThatEndsWithTheWorker() throws Exception {
    var other = cluster.closing(new ToyScheduler(cluster.secret, "xyz"));
    scheduler.attach(worker.address(), true);
    other.attach(worker.address(), true);
    Task1<String, String> name = given -> TaskScope.current().orElseThrow()
        .shared(Thing.class, () -> new Thing(given)).name();
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(name), "s-1")))
        .isEqualTo("s-1");
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(name), "s-2")))
        .isEqualTo("s-1");
    assertThat(other.awaitValue(other.assign(other.key("x"), carried(name), "o-1")))
        .isEqualTo("o-1");
    worker.close();
    assertThat(CLOSED).contains("s-1", "o-1").doesNotContain("s-2");
  }

  @Test
  void aFunctionKnowsItsKeyItsWorkerAndItsScheduler() throws Exception {
    scheduler.attach(worker.address(), true);
    Task<String> who = () -> {
      var scope = TaskScope.current().orElseThrow();
      return scope.key() + " on " + scope.worker() + " for " + scope.scheduler().orElseThrow();
    };
    var x = scheduler.key("x");
    assertThat(scheduler.awaitValue(scheduler.assign(x, carried(who))))
        .isEqualTo(x + " on a for " + scheduler.listening());
    cluster.client(worker).compute(Key.of("direct"), (Task<Boolean>) () -> TaskScope.current()
        .orElseThrow().scheduler().isEmpty());
    assertThat(cluster.client(worker).get(Key.of("direct"))).isEqualTo(true);
  }

  /// Counts how often it is read, and how often it is called.
  static final class Counting implements Task<Integer>, Serializable {
    @Serial
    private static final long serialVersionUID = 1;
    private static final AtomicInteger READ = new AtomicInteger();
    private int called;

    @Override
    public Integer call() {
      return ++called;
    }

    @Serial
    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      READ.incrementAndGet();
    }
  }

  @Test
  void aDefinedFunctionIsReadOnceRatherThanOnceACall() throws Exception {
    scheduler.attach(worker.address(), true);
    var callee = scheduler.define(new Counting());
    Counting.READ.set(0);
    for (var i = 1; i <= 10; i++) {
      assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("x"), callee))).isEqualTo(i);
    }
    assertThat(Counting.READ).hasValue(1);
  }

  private static List<String> threadsOf(String prefix) {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
        .filter(name -> name.startsWith(prefix)).toList();
  }

  @Test
  void aClosedWorkerLeavesNoThread() throws Exception {
    var only = cluster.start(cluster.options("only"));
    scheduler.attach(only.address(), true);
    scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(ONE)));
    assertThat(threadsOf("only/slot-")).hasSize(2);
    only.close();
    // A thread is there for a moment after its process has ended.
    Awaited.that(() -> assertThat(threadsOf("only/")).isEmpty());
  }
}
