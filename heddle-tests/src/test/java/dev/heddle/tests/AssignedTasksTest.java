package dev.heddle.tests;

import static dev.heddle.tests.ToyScheduler.blocking;
import static dev.heddle.tests.ToyScheduler.capturing;
import static dev.heddle.tests.ToyScheduler.carried;
import static dev.heddle.tests.ToyScheduler.ordered;
import static dev.heddle.tests.ToyScheduler.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.code.Task;
import dev.heddle.code.Task1;
import dev.heddle.code.Task2;
import dev.heddle.code.TaskScope;
import dev.heddle.wire.Callee;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.TaskEnd;
import dev.heddle.worker.MissingValuesException;
import dev.heddle.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker of one thread does for a scheduler that knows who has what.
class AssignedTasksTest {
  private static final Task2<Integer, Integer, Integer> ADD = Integer::sum;
  private static final Task1<Integer, Integer> INCREMENT = number -> number + 1;
  private static final Task<Integer> ONE = () -> 1;

  private TestCluster cluster;
  private Worker worker;
  private ToyScheduler scheduler;

  @BeforeEach
  void start() throws Exception {
    cluster = new TestCluster();
    worker = cluster.start(cluster.options("a").withThreads(1));
    scheduler = cluster.closing(new ToyScheduler(cluster.secret, "abc"));
    scheduler.attach(worker.address(), true);
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private @Nullable Object valueOn(Worker holder, Key key) throws Exception {
    return cluster.client(holder).get(key);
  }

  // --- from assignment to end

  @Test
  void aSmallResultComesAlongWithTheEndAndIsStoredToo() throws Exception {
    var key = scheduler.key("sum");
    var task = scheduler.assign(key, scheduler.define(ADD), 1, 2);
    var ready = (TaskEnd.Ready) scheduler.awaitEnd(task);
    assertThat(ready.type()).isEqualTo("java.lang.Integer");
    assertThat(ToyScheduler.value(ready)).contains(3);
    assertThat(valueOn(worker, key)).isEqualTo(3);
  }

  /// As after a lost connection: the scheduler asks again for what it was not told.
  @Test
  void aSmallResultThatIsStoredAlreadyComesAlongTheSecondTime() throws Exception {
    var callee = scheduler.define(ADD);
    var key = scheduler.key("sum");
    assertThat(scheduler.awaitValue(scheduler.assign(key, callee, 1, 2))).isEqualTo(3);
    var again = (TaskEnd.Ready) scheduler.awaitEnd(scheduler.assign(key, callee, 1, 2));
    assertThat(again.type()).isEqualTo("java.lang.Integer");
    assertThat(ToyScheduler.value(again)).contains(3);
  }

  @Test
  void aSmallValueThatWasPutComesAlongToo() throws Exception {
    var key = scheduler.key("sum");
    cluster.client(worker).put(key, List.of(1, 2));
    var ready = (TaskEnd.Ready) scheduler
        .awaitEnd(scheduler.assign(key, scheduler.define(ADD), 1, 2));
    assertThat(ToyScheduler.value(ready)).contains(List.of(1, 2));
  }

  @Test
  void ofALargeResultOnlyTheSizeIsTold() throws Exception {
    Task1<Integer, byte[]> make = byte[]::new;
    var callee = scheduler.define(make);
    var key = scheduler.key("large");
    var task = scheduler.assign(key, callee, 10_000);
    var ready = (TaskEnd.Ready) scheduler.awaitEnd(task);
    assertThat(ready.sizeBytes()).isBetween(10_000L, 10_100L);
    assertThat(ready.value()).isEmpty();
    var again = (TaskEnd.Ready) scheduler
        .awaitEnd(scheduler.assign(key, callee, 10_000));
    assertThat(again.value()).isEmpty();
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("small"), callee, 4_000)))
        .isEqualTo(new byte[4_000]);
  }

  record Unserializable(Object what) {}

  @Test
  void aResultThatCannotTravelIsAResultAllTheSame() throws Exception {
    Task<Unserializable> make = () -> new Unserializable(new Object());
    Task1<Unserializable, String> use = made -> made.what().getClass().getName();
    var made = scheduler.key("made");
    var end = scheduler.awaitEnd(scheduler.assign(made, carried(make)));
    assertThat(((TaskEnd.Ready) end).value()).isEmpty();
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("used"), carried(use), made)))
        .isEqualTo("java.lang.Object");
  }

  @Test
  void aChainThatIsAssignedAtOnceRunsWithoutAWord() throws Exception {
    var callee = scheduler.define(INCREMENT);
    var notices = new ArrayList<Message.Notice>();
    var before = scheduler.key("x");
    notices.add(scheduler.assignment(before, scheduler.define(ONE)));
    for (var i = 0; i < 999; i++) {
      var next = scheduler.key("x");
      notices.add(scheduler.assignment(next, callee, before));
      before = next;
    }
    scheduler.say(notices.toArray(Message.Notice[]::new));
    for (var i = 1; i <= 1000; i++) {
      assertThat(scheduler.awaitValue(i)).isEqualTo(i);
    }
  }

  @Test
  void anInputIsFetchedFromWhereTheSchedulerSaysThatItIs() throws Exception {
    var other = cluster.start(cluster.options("b"));
    var input = scheduler.key("x");
    cluster.client(other).put(input, 41);
    var holder = new Holder(other.info().id(), other.address(), other.info().host(), 8);
    var assign = scheduler.assignment(scheduler.key("y"), carried(INCREMENT), input);
    scheduler.say(new Message.Assign(assign.task(), assign.key(), assign.function(),
        assign.arguments(), List.of(), Map.of(input, List.of(holder)), 0, 0, false));
    assertThat(scheduler.awaitValue(assign.task())).isEqualTo(42);
  }

  @Test
  void whatAFunctionCapturedIsAnInputOfItsScope() throws Exception {
    var x = scheduler.key("x");
    scheduler.awaitValue(scheduler.assign(x, carried(ONE)));
    Task<Object> reads = () -> "read " + TaskScope.current().orElseThrow().input(x);
    var assign = capturing(scheduler.assignment(scheduler.key("y"), scheduler.define(reads)), x);
    scheduler.say(assign);
    assertThat(scheduler.awaitValue(assign.task())).isEqualTo("read 1");
  }

  @Test
  void anInputThatNobodyHasIsLacking() throws Exception {
    var nowhere = scheduler.key("nowhere");
    var task = scheduler.assign(scheduler.key("y"), carried(INCREMENT), nowhere);
    var end = scheduler.awaitEnd(task);
    assertThat(end).isInstanceOfSatisfying(TaskEnd.Lacking.class, lacking -> {
      assertThat(lacking.inputs()).containsExactly(nowhere);
      assertThat(lacking.reason()).contains("no worker has it");
    });
  }

  @Test
  void aFunctionThatFailsIsToldWithItsLineAndWhatNeedsItLacksIt() throws Exception {
    Task<Integer> fails = () -> {
      throw new IllegalStateException("no luck");
    };
    var x = scheduler.key("x");
    var y = scheduler.key("y");
    var first = scheduler.assignment(x, carried(fails));
    var second = scheduler.assignment(y, carried(INCREMENT), x);
    var third = scheduler.assignment(scheduler.key("z"), carried(INCREMENT), y);
    scheduler.say(first, second, third);
    assertThat(scheduler.awaitEnd(first.task())).isInstanceOfSatisfying(TaskEnd.Failed.class,
        failed -> {
          assertThat(failed.failure().message()).isEqualTo("no luck");
          assertThat(failed.failure().frames().getFirst().className())
              .contains("AssignedTasksTest");
          assertThat(failed.runNanos()).isPositive();
        });
    assertThat(((TaskEnd.Lacking) scheduler.awaitEnd(second.task())).inputs()).containsExactly(x);
    assertThat(((TaskEnd.Lacking) scheduler.awaitEnd(third.task())).inputs()).containsExactly(y);
  }

  @Test
  void aFunctionThatWasNotDefinedFailsWhoeverIsToCallIt() throws Exception {
    var task = scheduler.assign(scheduler.key("x"), new Callee.Known(77));
    assertThat(((TaskEnd.Failed) scheduler.awaitEnd(task)).failure().message())
        .contains("has not defined the function 77");
    var callee = (Callee.Known) scheduler.define(ONE);
    var before = scheduler.assign(scheduler.key("x"), callee);
    scheduler.say(new Message.Undefine(List.of(callee.function())));
    var after = scheduler.assign(scheduler.key("x"), callee);
    assertThat(scheduler.awaitValue(before)).isEqualTo(1);
    assertThat(scheduler.awaitEnd(after)).isInstanceOf(TaskEnd.Failed.class);
  }

  @Test
  void theSmallestOrderIsFirstAndOfEqualOnesWhichCameFirst() throws Exception {
    var gate = Gate.closed();
    Task<Integer> waits = () -> {
      gate.pass();
      return 0;
    };
    var first = scheduler.assign(scheduler.key("gate"), carried(waits));
    gate.awaitOne();
    var callee = scheduler.define(ONE);
    for (var order : List.of(5L, 3L, 5L, 1L)) {
      scheduler.say(ordered(scheduler.assignment(scheduler.key("x"), callee), order));
    }
    // Behind them on the same connection, so that they have come when this is answered.
    scheduler.attachAgain(true);
    gate.open();
    var numbers = new ArrayList<Long>();
    for (var i = 0; i < 5; i++) {
      numbers.add(scheduler.awaitEnded().task());
    }
    assertThat(numbers).containsExactly(first, first + 4, first + 2, first + 1, first + 3);
  }

  // --- taken back

  private long assignGated(Gate gate) throws Exception {
    Task<Integer> waits = () -> {
      gate.pass();
      return 0;
    };
    var task = scheduler.assign(scheduler.key("gate"), carried(waits));
    gate.awaitOne();
    return task;
  }

  @Test
  void whatHasNotBegunIsGivenBackWithAllThatWaitsForIt() throws Exception {
    var gate = Gate.closed();
    var running = assignGated(gate);
    var x = scheduler.key("x");
    var y = scheduler.key("y");
    var callee = scheduler.define(INCREMENT);
    var first = scheduler.assign(x, callee, 1);
    var second = scheduler.assign(y, callee, x);
    var other = scheduler.assign(scheduler.key("z"), callee, 5);
    scheduler.say(new Message.Recall(List.of(running, first, 999L)));
    assertThat(scheduler.awaitEnd(first)).isInstanceOf(TaskEnd.GivenBack.class);
    assertThat(scheduler.awaitEnd(second)).isInstanceOf(TaskEnd.GivenBack.class);
    gate.open();
    assertThat(scheduler.awaitValue(running)).isEqualTo(0);
    assertThat(scheduler.awaitValue(other)).isEqualTo(6);
    assertThat(scheduler.awaitValue(scheduler.assign(x, callee, 7))).isEqualTo(8);
  }

  @Test
  void whatIsAbortedIsInterruptedAndItsSlotIsFree() throws Exception {
    var gate = Gate.closed();
    var running = assignGated(gate);
    var waiting = scheduler.assign(scheduler.key("x"), carried(ONE));
    scheduler.say(new Message.Abort(List.of(running)));
    assertThat(scheduler.awaitEnd(running)).isInstanceOf(TaskEnd.Cancelled.class);
    assertThat(scheduler.awaitValue(waiting)).isEqualTo(1);
  }

  @Test
  void whatIsReleasedIsGoneAndARunningTaskKeepsItsInput() throws Exception {
    var gate = Gate.closed();
    var x = scheduler.key("x");
    scheduler.awaitValue(scheduler.assign(x, carried(ONE)));
    Task1<Integer, Integer> slow = number -> {
      gate.pass();
      return number + 1;
    };
    var running = scheduler.assign(scheduler.key("y"), carried(slow), x);
    gate.awaitOne();
    scheduler.say(new Message.Release(List.of(x, scheduler.key("unknown"))));
    scheduler.attachAgain(true);
    assertThatThrownBy(() -> valueOn(worker, x)).isInstanceOf(MissingValuesException.class);
    gate.open();
    assertThat(scheduler.awaitValue(running)).isEqualTo(2);
  }

  // --- too long

  @Test
  void aFunctionThatTakesTooLongIsInterruptedAndFails() throws Exception {
    var gate = Gate.closed();
    Task<Integer> waits = () -> {
      gate.pass();
      return 0;
    };
    var assign = within(scheduler.assignment(scheduler.key("slow"), carried(waits)), 100);
    scheduler.say(assign);
    assertTimedOut(scheduler.awaitEnd(assign.task()), assign.key());
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("x"), carried(ONE))))
        .isEqualTo(1);
  }

  @Test
  void oneThatDoesNotHeedThatFailsTooAndKeepsItsSlot() throws Exception {
    var gate = Gate.closed();
    Task<Integer> stubborn = gate::passStubbornly;
    var assign = within(scheduler.assignment(scheduler.key("slow"), carried(stubborn)), 100);
    scheduler.say(assign);
    assertTimedOut(scheduler.awaitEnd(assign.task()), assign.key());
    var behind = scheduler.assign(scheduler.key("x"), carried(ONE));
    assertThat(scheduler.awaitEnd(behind)).isInstanceOfSatisfying(TaskEnd.GivenBack.class,
        back -> assertThat(back.begun()).isFalse());
    var beat = scheduler.awaitBeat();
    assertThat(beat.running()).isEmpty();
    assertThat(beat.kept()).containsExactly(assign.key());
    gate.open();
    Awaited.that(() -> assertThat(scheduler.awaitBeat().kept()).isEmpty());
    assertThat(scheduler.awaitValue(scheduler.assign(scheduler.key("y"), carried(ONE))))
        .isEqualTo(1);
  }

  private static void assertTimedOut(TaskEnd end, Key key) {
    assertThat(end).isInstanceOfSatisfying(TaskEnd.Failed.class, failed -> {
      assertThat(failed.failure().type()).isEqualTo(TimeoutException.class.getName());
      assertThat(failed.failure().message()).contains("'" + key + "' may run for 100 ms")
          .contains("interrupted on a");
      assertThat(failed.runNanos()).isGreaterThanOrEqualTo(100_000_000);
    });
  }

  // --- on which thread

  @Test
  void aBlockingTaskNeedsNoSlotAndKnowsItsScope() throws Exception {
    var gate = Gate.closed();
    var running = assignGated(gate);
    Task<String> where = () -> Thread.currentThread().isVirtual() + " "
        + TaskScope.current().orElseThrow().worker();
    var assign = blocking(scheduler.assignment(scheduler.key("io"), carried(where)));
    scheduler.say(assign);
    assertThat(scheduler.awaitValue(assign.task())).isEqualTo("true a");
    gate.open();
    assertThat(scheduler.awaitValue(running)).isEqualTo(0);
  }

  @Test
  void aSlotsThreadBearsTheKeyThatItRuns() throws Exception {
    Task<String> name = () -> Thread.currentThread().getName();
    var key = scheduler.key("named");
    assertThat(scheduler.awaitValue(scheduler.assign(key, carried(name))))
        .isEqualTo("a/slot-1 " + key);
    assertThat(cluster.client(worker).activity())
        .anyMatch(activity -> activity instanceof Message.Activity.Ran ran
            && ran.key().equals(key) && ran.succeeded());
  }

  /// A name costs more than a short function, so that only those get one that turn out to be long.
  @Test
  void aFunctionThatWasShortSoFarGetsItsNameWhenItTakesLong() throws Exception {
    var gate = Gate.closed();
    Task1<Boolean, String> function = waits -> {
      if (waits) {
        gate.pass();
      }
      return Thread.currentThread().getName();
    };
    var callee = scheduler.define(function);
    Awaited.that(() -> assertThat(scheduler.awaitValue(
        scheduler.assign(scheduler.key("short"), callee, false))).isEqualTo("a/slot-1"));
    var key = scheduler.key("long");
    var task = scheduler.assign(key, callee, true);
    gate.awaitOne();
    Awaited.that(() -> assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName).contains("a/slot-1 " + key));
    gate.open();
    assertThat(scheduler.awaitValue(task)).isEqualTo("a/slot-1 " + key);
    assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
        .doesNotContain("a/slot-1 " + key);
  }

  // --- told to the store

  @Test
  void whoeverIsTheStoreIsNotToldTwice() throws Exception {
    var key = scheduler.key("x");
    scheduler.awaitValue(scheduler.assign(key, carried(ONE)));
    cluster.client(worker).put(Key.of("put"), 1); // The store hears in order.
    assertThat(cluster.holders(key.text())).isEmpty();
    assertThat(cluster.holders("put")).containsExactly("a");
  }

  @Test
  void anotherStoreKnowsBeforeTheSchedulerIsTold() throws Exception {
    var other = cluster.closing(new ToyScheduler(cluster.secret, "xyz"));
    other.attach(worker.address(), false);
    var key = other.key("x");
    assertThat(other.awaitValue(other.assign(key, carried(ONE)))).isEqualTo(1);
    assertThat(cluster.holders(key.text())).containsExactly("a");
    other.say(new Message.Release(List.of(key)));
    Awaited.that(() -> assertThat(cluster.holders(key.text())).isEmpty());
  }
}
