package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.ClientClosedException;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.Task;
import dev.heddle.TaskOptions;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// An executor over a scheduler and two workers as they are, each with one slot. What tasks and tests tell
/// each other goes through this class: they are in one JVM.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalExecutorTest {
  private static final Map<String, CountDownLatch> LATCHES = new ConcurrentHashMap<>();
  private static final Set<String> RAN = ConcurrentHashMap.newKeySet();

  interface Job<T> extends Callable<T>, Serializable {}

  interface Action extends Runnable, Serializable {}

  private LocalCluster cluster;
  private Client client;
  private ExecutorService executor;

  @BeforeEach
  void start() throws Exception {
    LATCHES.clear();
    RAN.clear();
    cluster = LocalCluster.inJvm(2, 1);
    client = cluster.client();
    executor = client.executor();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static CountDownLatch latch(String name) {
    return LATCHES.computeIfAbsent(name, _ -> new CountDownLatch(1));
  }

  private static void await(String name) throws InterruptedException {
    assertThat(latch(name).await(60, TimeUnit.SECONDS)).as(name).isTrue();
  }

  /// Runs until it is interrupted, or `name` is opened.
  private static Job<String> blocking(String name) {
    return () -> {
      latch(name + " runs").countDown();
      try {
        latch(name).await();
        latch(name + " went on").countDown();
      } catch (InterruptedException e) {
        latch(name + " was interrupted").countDown();
        throw e;
      }
      return name;
    };
  }

  private static Action running(String name) {
    return () -> RAN.add(name);
  }

  /// Neither worker has a slot free after this.
  private List<Future<String>> occupy() throws InterruptedException {
    var futures = List.of(executor.submit(blocking("one")), executor.submit(blocking("two")));
    await("one runs");
    await("two runs");
    return futures;
  }

  @Test
  void shutdownNowGivesWhatHadNotBegunThoughWorkersHaveIt() throws Exception {
    var begun = occupy();
    var waiting = new ArrayList<Runnable>();
    for (var i = 0; i < 50; i++) {
      waiting.add(running("waiting " + i));
    }
    waiting.forEach(executor::execute);
    assertThat(executor.shutdownNow()).containsExactlyElementsOf(waiting);
    assertThat(begun).allMatch(Future::isCancelled);
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    await("one was interrupted");
    await("two was interrupted");
    assertThat(client.submit(() -> 1).get()).isEqualTo(1);
    assertThat(RAN).isEmpty();
  }

  @Test
  void whatShutdownNowGivesHasNotRunAndWillNot() throws Exception {
    var names = new HashMap<Runnable, String>();
    for (var i = 0; i < 200; i++) {
      var action = running("task " + i);
      names.put(action, "task " + i);
      executor.execute(action);
    }
    var given = executor.shutdownNow();
    // Each has one slot: what is submitted to it now runs after all that it has begun.
    client.submit(() -> 1, TaskOptions.NONE.workers("worker-1")).get();
    client.submit(() -> 1, TaskOptions.NONE.workers("worker-2")).get();
    for (var action : given) {
      assertThat(RAN).doesNotContain(names.get(action));
    }
  }

  @Test
  void aTaskThatRunsLongerThanItMayFailsWithATimeout() {
    Task<String> endless = () -> {
      latch("never").await();
      return "";
    };
    var future = client.submit(endless, TaskOptions.NONE.timeout(Duration.ofMillis(50)));
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
        .isInstanceOf(TimeoutException.class).hasMessageContaining("may run for 50 ms");
    assertThat(future.state()).isEqualTo(Future.State.FAILED);
    assertThat(future.exceptionNow()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void whatATaskThrowsIsAFailureWhateverItIs() {
    Job<String> cancelled = () -> {
      throw new CancellationException("mine");
    };
    var future = executor.submit(cancelled);
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
        .isInstanceOf(CancellationException.class).hasMessage("mine");
    assertThat(future.isCancelled()).isFalse();
    assertThat(future.state()).isEqualTo(Future.State.FAILED);
  }

  @Test
  void cancellingInterruptsWhatRuns() throws Exception {
    var future = executor.submit(blocking("x"));
    await("x runs");
    assertThat(future.cancel(true)).isTrue();
    assertThat(future.cancel(true)).isFalse();
    assertThat(future.isDone()).isTrue();
    assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
    assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
    await("x was interrupted");
  }

  @Test
  void cancellingWithoutInterruptLetsGoOnWhatRunsAndNotBeginWhatDoesNot() throws Exception {
    var begun = occupy();
    var waiting = (RemoteFuture<?>) executor.submit(running("waiting"));
    assertThat(waiting.cancel(false)).isTrue();
    while (!client.story(waiting).contains("-> forgotten")) {
      Thread.onSpinWait(); // Each story is a round trip; its worker has to say that it has not begun.
    }
    for (var future : begun) {
      assertThat(future.cancel(false)).isTrue();
      assertThat(future.isCancelled()).isTrue();
      assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
    }
    var after = executor.submit(running("after"));
    latch("one").countDown();
    latch("two").countDown();
    await("one went on");
    await("two went on");
    after.get();
    assertThat(RAN).containsExactly("after");
  }

  @Test
  void invokeAnyInterruptsTheRest() throws Exception {
    Job<String> quick = () -> {
      await("slow runs");
      return "quick";
    };
    assertThat(executor.invokeAny(List.of(blocking("slow"), quick))).isEqualTo("quick");
    await("slow was interrupted");
  }

  @Test
  void invokeAllInterruptsWhatIsNotDoneInTime() throws Exception {
    executor.submit((Job<Integer>) () -> 1).get();
    var futures = executor.invokeAll(List.of(blocking("x"), blocking("y")), 1, TimeUnit.SECONDS);
    assertThat(futures).hasSize(2).allMatch(Future::isCancelled);
  }

  @Test
  void anExecutorInsideATaskDoesNotBlockTheOnlyThread() throws Exception {
    Job<Integer> nested = () -> {
      var sum = 0;
      try (var here = Heddle.current().executor()) {
        for (var future : here.invokeAll(List.<Job<Integer>>of(() -> 1, () -> 2))) {
          sum += future.get();
        }
        sum += here.invokeAny(List.<Job<Integer>>of(() -> 4));
        here.execute(running("inside"));
      }
      return RAN.contains("inside") ? sum : -1;
    };
    var both = executor.invokeAll(List.of(nested, nested));
    assertThat(both.get(0).get()).isEqualTo(7);
    assertThat(both.get(1).get()).isEqualTo(7);
  }

  @Test
  void closingIsCutShortByAnInterruptWhichStays() throws Exception {
    var begun = occupy();
    Thread.currentThread().interrupt();
    executor.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(begun).allMatch(Future::isCancelled);
  }

  @Test
  void theStoryOfATaskOutlivesIt() throws Exception {
    try (var future = (RemoteFuture<Integer>) executor.submit((Job<Integer>) () -> 1)) {
      assertThat(future.get()).isEqualTo(1);
      assertThat(client.story(future)).contains("because it was submitted", "-> processing",
          "processing -> memory");
      future.close();
      assertThat(client.story(future)).contains("-> processing");
    }
  }

  @Test
  void aClosedClientEndsItsExecutorsTasks() throws Exception {
    var begun = occupy();
    client.close();
    assertThatThrownBy(() -> executor.submit(running("x")))
        .isInstanceOf(RejectedExecutionException.class).hasMessageContaining("closed");
    assertThatThrownBy(begun.getFirst()::get).isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ClientClosedException.class);
    executor.shutdown();
    assertThat(executor.isTerminated()).isTrue();
  }
}
