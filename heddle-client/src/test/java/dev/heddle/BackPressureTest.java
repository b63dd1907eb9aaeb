package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackPressureTest {
  private static final int MANY = 64;

  private final AtomicInteger submitted = new AtomicInteger();

  private Thread submitMuch(Client client, CompletableFuture<Integer> sum) {
    return Thread.ofPlatform().start(() -> {
      try {
        var futures = new ArrayList<RemoteFuture<Integer>>();
        for (var i = 0; i < MANY; i++) {
          futures.add(client.submit(array -> array.length, new byte[1 << 20]));
          submitted.incrementAndGet();
        }
        sum.complete(client.gather(futures).stream().mapToInt(n -> n).sum());
      } catch (Exception e) {
        sum.completeExceptionally(e);
      }
    });
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    Toy.eventually("it waits", () -> thread.getState() == Thread.State.WAITING);
  }

  @Test
  void whoeverSubmitsMoreThanTheSchedulerTakesWaits() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1).get();
      toy.stopReading();
      var sum = new CompletableFuture<Integer>();
      var thread = submitMuch(client, sum);
      awaitWaiting(thread);
      assertThat(submitted).hasValueLessThan(MANY);
      toy.goOnReading();
      assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(MANY << 20);
    }
  }

  @Test
  void thatWaitCanBeInterrupted() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1).get();
      toy.stopReading();
      var sum = new CompletableFuture<Integer>();
      var thread = submitMuch(client, sum);
      awaitWaiting(thread);
      thread.interrupt();
      assertThat(sum.handle((_, failure) -> failure).get(30, TimeUnit.SECONDS))
          .isInstanceOf(RejectedExecutionException.class)
          .hasMessageContaining("nothing was submitted");
      toy.goOnReading();
    }
  }

  @Test
  void whileTheSchedulerIsAwayMuchWaitsOnlyUpToABound() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      client.submit(() -> 1).get();
      toy.stop();
      var sum = new CompletableFuture<Integer>();
      var thread = submitMuch(client, sum);
      awaitWaiting(thread);
      assertThat(submitted).hasValueLessThan(MANY);
      toy.start();
      assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(MANY << 20);
    }
  }

  @Test
  void closingTheClientEndsThatWait() throws Exception {
    try (var toy = new Toy()) {
      var client = toy.connect();
      client.submit(() -> 1).get();
      toy.stop();
      var sum = new CompletableFuture<Integer>();
      var thread = submitMuch(client, sum);
      awaitWaiting(thread);
      client.close();
      assertThat(sum.handle((_, failure) -> failure).get(30, TimeUnit.SECONDS))
          .isInstanceOf(ClientClosedException.class);
    }
  }
}
