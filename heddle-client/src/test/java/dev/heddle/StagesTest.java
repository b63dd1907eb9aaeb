package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static <T> T soon(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void whatIsAttachedRunsWhenTheTaskIsDoneOnAThreadForCallbacks() throws Exception {
    try (var toy = new Toy().hold();
        var client = toy.connect(ClientOptions.DEFAULT.name("c"))) {
      var x = client.submit(() -> 20);
      var thread = x.thenApply(_ -> Thread.currentThread().getName());
      var value = x.thenApplyAsync(a -> Thread.currentThread().getName() + a);
      toy.release();
      assertThat(soon(thread)).isEqualTo("c/callback");
      assertThat(soon(value)).isEqualTo("c/callback20");
    }
  }

  @Test
  void stagesCombineWithOthers() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(() -> 1);
      assertThat(soon(x.thenCombine(y, Integer::sum))).isEqualTo(21);
      CompletionStage<Integer> composed = x.thenCompose(a -> client.submit(b -> b + 2, a));
      assertThat(soon(composed)).isEqualTo(22);
      assertThat(soon(CompletableFuture.completedFuture(3).thenCombine(x, Integer::sum)))
          .isEqualTo(23);
    }
  }

  @Test
  void aStageFailsWithTheOriginalFailure() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      RemoteFuture<Integer> x = client.submit(() -> Integer.parseInt("x"));
      var cause = x.handle((_, failure) -> failure);
      assertThat(soon(cause)).isInstanceOf(NumberFormatException.class);
      assertThat(soon(x.exceptionally(_ -> -1))).isEqualTo(-1);
      assertThatThrownBy(() -> x.toCompletableFuture().get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class).cause()
          .isInstanceOf(NumberFormatException.class);
    }
  }

  @Test
  void aCancelledTaskCancelsItsStages() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var after = x.handle((_, failure) -> failure);
      x.cancel(true);
      assertThat(soon(after)).isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void completingWhatAStageGaveAwayHasNoEffectOnTheTask() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      assertThat(x.toCompletableFuture().complete(2)).isTrue();
      assertThat(x.isDone()).isFalse();
      toy.release();
      assertThat(x.get()).isEqualTo(1);
    }
  }

  @Test
  void oneCallbackThatWaitsHoldsUpNoOther() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var second = new CountDownLatch(1);
      var first = x.thenApply(a -> {
        try {
          return second.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          return false;
        }
      });
      var last = x.thenAccept(_ -> second.countDown());
      toy.release();
      assertThat(soon(first)).isTrue();
      soon(last);
    }
  }

  @Test
  void aStageOfALargeValueFetchesIt() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = toy.connect()) {
      var x = client.submit(() -> "large");
      assertThat(soon(x.thenApply(String::length))).isEqualTo(5);
      Toy.eventually("done", x::isDone);
      assertThat(soon(x.thenApply(String::length))).isEqualTo(5);
    }
  }
}
