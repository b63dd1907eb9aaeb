package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.values.UnserializableValueException;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecutorTest {
  static final Set<String> RAN = ConcurrentHashMap.newKeySet();

  interface Job<T> extends Callable<T>, Serializable {}

  interface Action extends Runnable, Serializable {}

  private Toy toy;
  private Client client;
  private ExecutorService executor;

  @BeforeEach
  void open() throws Exception {
    toy = new Toy();
    client = toy.connect();
    executor = client.executor();
    RAN.clear();
  }

  @AfterEach
  void close() {
    client.close();
    toy.close();
  }

  private static Job<Integer> giving(int value) {
    return () -> value;
  }

  private static Job<Integer> failing(String message) {
    return () -> {
      throw new IllegalStateException(message);
    };
  }

  private static Action running(String name) {
    return () -> RAN.add(name);
  }

  @Test
  void callablesAndRunnablesAreRun() throws Exception {
    var result = new Object();
    assertThat(executor.submit(giving(3)).get()).isEqualTo(3);
    assertThat(executor.submit(running("a")).get()).isNull();
    assertThat(executor.submit(running("b"), result).get()).isSameAs(result);
    executor.execute(running("c"));
    Toy.eventually("all have run", () -> RAN.equals(Set.of("a", "b", "c")));
  }

  @Test
  void aFailureIsTheCauseOfAnExecutionException() {
    var future = executor.submit(failing("boom"));
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
        .isInstanceOf(IllegalStateException.class).hasMessage("boom");
  }

  @Test
  void whatIsNotSerializableIsRejectedAndItIsSaidHowToMakeIt() {
    assertThatThrownBy(() -> executor.submit(() -> 1))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("lambda").hasMessageContaining("& Serializable")
        .hasCauseInstanceOf(UnserializableValueException.class);
    assertThatThrownBy(() -> executor.execute(() -> RAN.add("no")))
        .isInstanceOf(RejectedExecutionException.class);
  }

  // What the signatures forbid, and callers do all the same.
  @SuppressWarnings("NullAway")
  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> executor.submit((Callable<Integer>) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.submit((Runnable) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.execute(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.invokeAll(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.invokeAny(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.invokeAll(Arrays.asList(giving(1), null)))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> executor.invokeAny(Arrays.asList(giving(1), null)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void invokeAllGivesDoneFuturesInOrder() throws Exception {
    var futures = executor.invokeAll(List.of(giving(1), failing("two"), giving(3)));
    assertThat(futures).allMatch(Future::isDone);
    assertThat(futures.get(0).get()).isEqualTo(1);
    assertThat(futures.get(1).state()).isEqualTo(Future.State.FAILED);
    assertThat(futures.get(2).get()).isEqualTo(3);
    assertThat(executor.invokeAll(List.<Job<Integer>>of())).isEmpty();
  }

  @Test
  void invokeAllCancelsWhatIsNotDoneInTime() throws Exception {
    toy.hold();
    var futures = executor.invokeAll(List.of(giving(1), giving(2)), 1, TimeUnit.MILLISECONDS);
    assertThat(futures).hasSize(2).allMatch(Future::isCancelled);
  }

  @Test
  void invokeAllCancelsAllWhenItIsInterrupted() throws Exception {
    toy.hold();
    var outcome = new CompletableFuture<Throwable>();
    var thread = Thread.ofPlatform().start(() -> {
      try {
        executor.invokeAll(List.of(giving(1), giving(2)));
      } catch (InterruptedException e) {
        outcome.complete(e);
      }
    });
    Toy.eventually("submitted", () -> toy.wanted() == 2);
    thread.interrupt();
    assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    Toy.eventually("aborted",
        () -> toy.said(Message.Abort.class).size() == 2);
  }

  @Test
  void invokeAnyGivesTheFirstSuccessAndCancelsTheRest() throws Exception {
    toy.hold();
    var result = CompletableFuture.supplyAsync(() -> {
      try {
        return executor.invokeAny(List.of(failing("one"), giving(2), giving(3)));
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(e);
      }
    }, task -> Thread.ofPlatform().start(task));
    var began = new ArrayList<Key>();
    toy.runOne(key -> began.add(key));
    toy.runOne(key -> began.add(key));
    assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(2);
    Toy.eventually("the third is aborted",
        () -> !toy.said(Message.Abort.class).isEmpty());
  }

  @Test
  void invokeAnyFailsWhenAllFail() {
    assertThatThrownBy(() -> executor.invokeAny(List.of(failing("one"), failing("one"))))
        .isInstanceOf(ExecutionException.class).cause().hasMessage("one");
    assertThatThrownBy(() -> executor.invokeAny(List.<Job<Integer>>of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void invokeAnyIsLimitedInTime() {
    toy.hold();
    assertThatThrownBy(
        () -> executor.invokeAny(List.of(giving(1)), 1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class).hasMessageContaining("1 ms");
  }

  @Test
  void afterShutdownNothingIsTakenAndWhatWasTakenIsDone() throws Exception {
    toy.hold();
    var future = executor.submit(giving(1));
    executor.shutdown();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.isTerminated()).isFalse();
    assertThat(executor.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
    assertThatThrownBy(() -> executor.submit(giving(2)))
        .isInstanceOf(RejectedExecutionException.class).hasMessageContaining("shut down");
    assertThatThrownBy(() -> executor.execute(running("x")))
        .isInstanceOf(RejectedExecutionException.class);
    toy.release();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThat(future.get()).isEqualTo(1);
    assertThat(client.submit(() -> 5).get()).isEqualTo(5);
  }

  @Test
  void anIdleExecutorTerminatesAtOnce() throws Exception {
    assertThat(executor.isTerminated()).isFalse();
    executor.shutdown();
    assertThat(executor.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shutdownNowStopsAllAndGivesWhatHadNotBegun() throws Exception {
    shutsDownNow();
  }

  @Test
  void shutdownNowWaitsForTheWordOfWorkersOnWhatHadBegun() throws Exception {
    toy.asksWorkers();
    shutsDownNow();
  }

  @Test
  void shutdownNowGivesWhatNoSchedulerWasToldOf() throws Exception {
    var first = (Handle<?>) executor.submit(giving(1));
    assertThat(first.get()).isEqualTo(1);
    toy.stop();
    Toy.eventually("the client knows", () -> !first.core().ledger().isConnected());
    var untold = running("untold");
    executor.execute(untold);
    assertThat(executor.shutdownNow()).containsExactly(untold);
    toy.start();
    assertThat(client.submit(() -> 5).get()).isEqualTo(5);
    assertThat(RAN).isEmpty();
  }

  @Test
  void anInterruptTakesNothingFromWhatShutdownNowGives() {
    toy.hold();
    var waiting = running("waiting");
    executor.execute(waiting);
    Thread.currentThread().interrupt();
    assertThat(executor.shutdownNow()).containsExactly(waiting);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whoeverIsInterruptedMaySubmitButNotWaitForMany() throws Exception {
    Thread.currentThread().interrupt();
    var future = executor.submit(giving(1));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(future.get()).isEqualTo(1);
    toy.hold();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> executor.invokeAll(List.of(giving(2))))
        .isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> executor.invokeAny(List.of(giving(3))))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private void shutsDownNow() throws Exception {
    toy.hold();
    var begun = executor.submit((Job<Integer>) () -> {
      RAN.add("begun");
      new java.util.concurrent.CountDownLatch(1).await();
      return 1;
    });
    toy.runOne(_ -> true);
    Toy.eventually("it runs", () -> RAN.contains("begun"));
    var waiting = running("waiting");
    executor.execute(waiting);
    Toy.eventually("submitted", () -> toy.wanted() == 2);
    assertThat(executor.shutdownNow()).containsExactly(waiting);
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(begun.isCancelled()).isTrue();
    assertThatThrownBy(begun::get).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> executor.submit(giving(2)))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void closingWaitsForWhatWasTaken() throws Exception {
    Future<Integer> future;
    try (var closing = client.executor()) {
      future = closing.submit(giving(4));
    }
    assertThat(future.isDone()).isTrue();
    assertThat(future.get()).isEqualTo(4);
  }

  @Test
  void aTaskOfAnExecutorIsNotLostWithItsFuture() throws Exception {
    toy.hold();
    executor.execute(running("kept"));
    Toy.eventually("submitted", () -> toy.wanted() == 1);
    var witness = client.submit(() -> 1).key();
    Toy.eventually("another is collected", () -> {
      System.gc();
      return !toy.said(Message.Drop.class).isEmpty();
    });
    toy.release();
    Toy.eventually("it ran", () -> RAN.contains("kept"));
    assertThat(toy.runs).doesNotContainKey(witness);
  }

  @Test
  void futuresOfAnExecutorCanBeCancelled() throws Exception {
    toy.hold();
    var future = executor.submit(running("x"), "result");
    assertThat(future.cancel(true)).isTrue();
    assertThat(future.isCancelled()).isTrue();
    assertThat(future.isDone()).isTrue();
    assertThatThrownBy(() -> future.get(1, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aClosedClientRejectsItsExecutorsTasks() {
    client.close();
    assertThatThrownBy(() -> executor.submit(giving(1)))
        .isInstanceOf(RejectedExecutionException.class).hasMessageContaining("closed");
  }
}
