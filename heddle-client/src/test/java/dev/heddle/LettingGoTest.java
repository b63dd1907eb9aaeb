package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LettingGoTest {
  /// Collects garbage until it is so.
  private static void afterCollection(String what, java.util.function.BooleanSupplier isSo)
      throws InterruptedException {
    Toy.eventually(what, () -> {
      System.gc();
      return isSo.getAsBoolean();
    });
  }

  @Test
  void aClosedFutureIsDropped() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.get();
      x.close();
      x.close();
      Toy.eventually("dropped", () -> toy.wanted() == 0);
      assertThat(toy.said(Message.Drop.class)).hasSize(1);
      assertThat(x.get()).isEqualTo(1);
    }
  }

  @Test
  void aFutureThatIsClosedBeforeItIsDoneIsCancelledForThisClient() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.close();
      assertThat(x.isCancelled()).isTrue();
      assertThatThrownBy(x::get).isInstanceOf(CancellationException.class)
          .hasMessageContaining("closed");
      Toy.eventually("dropped", () -> toy.wanted() == 0);
    }
  }

  @Test
  void futuresThatCannotBeReachedAreDroppedInFewMessages() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var kept = new ArrayList<RemoteFuture<Integer>>();
      var all = new ArrayList<>(
          client.map(IntStream.range(0, 5_000).boxed().toList(), n -> n + 1));
      client.gather(all);
      kept.add(all.get(17));
      all.clear();
      afterCollection("all but one are dropped", () -> toy.wanted() == 1);
      assertThat(kept.getFirst().get()).isEqualTo(18);
      assertThat(toy.said(Message.Drop.class)).hasSizeLessThan(100);
    }
  }

  @Test
  void unfinishedFuturesThatCannotBeReachedAreDroppedToo() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      assertThat(client.submit(() -> 1).isDone()).isFalse();
      Toy.eventually("submitted", () -> !toy.said(Message.Submit.class).isEmpty());
      afterCollection("dropped", () -> toy.wanted() == 0);
      toy.release();
      assertThat(toy.runs).isEmpty();
    }
  }

  @Test
  void whatIsAttachedToAFutureKeepsItUntilItIsDone() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var value = new CompletableFuture<Integer>();
      client.submit(() -> 20).thenAccept(value::complete);
      var witness = client.submit(() -> 1).key();
      afterCollection("the other is dropped",
          () -> !toy.said(Message.Drop.class).isEmpty());
      assertThat(toy.wanted()).isEqualTo(1);
      toy.release();
      assertThat(value.get(30, TimeUnit.SECONDS)).isEqualTo(20);
      assertThat(toy.runs).doesNotContainKey(witness);
      afterCollection("dropped", () -> toy.wanted() == 0);
    }
  }

  @Test
  void aTaskThatSomebodyWaitsForIsNotDropped() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var value = new CompletableFuture<Integer>();
      Thread.ofPlatform().start(() -> {
        try {
          value.complete(client.submit(() -> 20).get());
        } catch (Exception e) {
          value.completeExceptionally(e);
        }
      });
      Toy.eventually("submitted", () -> toy.wanted() == 1);
      var other = client.submit(() -> 1).key();
      afterCollection("another is dropped", () -> !toy.said(Message.Drop.class).isEmpty());
      toy.release();
      assertThat(value.get(30, TimeUnit.SECONDS)).isEqualTo(20);
      assertThat(toy.runs).doesNotContainKey(other);
    }
  }

  @Test
  void theInputOfAnUnfinishedTaskMayBeDroppedByTheProgram() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(a -> a + 1, x);
      x.close();
      toy.release();
      assertThat(y.get()).isEqualTo(21);
    }
  }

  @Test
  void aForgottenTaskRunsAllTheSame() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      client.fireAndForget(() -> 1);
      Toy.eventually("submitted", () -> toy.wanted() == 1);
      System.gc();
      toy.release();
      Toy.eventually("run, then dropped", () -> toy.runs.size() == 1 && toy.wanted() == 0);
      assertThat(toy.said(Message.Submit.class).getFirst().settings().detached()).isTrue();
    }
  }

  @Test
  void manyFuturesAreReleasedAtOnce() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var all = client.map(List.of(1, 2, 3, 4), n -> n);
      client.gather(all);
      client.release(all);
      Toy.eventually("dropped", () -> toy.wanted() == 0);
      assertThat(toy.said(Message.Drop.class)).singleElement()
          .satisfies(drop -> assertThat(drop.tasks()).hasSize(1));
    }
  }

  // --- cancelling

  @Test
  void aCancelledTaskIsAbortedAndItsDependentsAreCancelled() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var y = client.submit(a -> a, x);
      assertThat(x.cancel(true)).isTrue();
      assertThat(x.cancel(true)).isFalse();
      assertThat(x.isCancelled()).isTrue();
      assertThat(x.isDone()).isTrue();
      assertThatThrownBy(x::get).isInstanceOf(CancellationException.class)
          .hasMessageContaining(x.key().text());
      assertThatThrownBy(y::get).isInstanceOf(CancellationException.class)
          .hasMessageContaining(x.key().text());
      assertThat(toy.said(Message.Abort.class)).hasSize(1);
    }
  }

  @Test
  void aGentleCancelLeavesTheTaskToThoseWhoNeedIt() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 20);
      var y = client.submit(a -> a + 1, x);
      assertThat(x.cancel(false)).isTrue();
      assertThat(x.isCancelled()).isTrue();
      toy.release();
      assertThat(y.get()).isEqualTo(21);
      assertThat(toy.said(Message.Abort.class)).isEmpty();
    }
  }

  @Test
  void whatIsDoneCannotBeCancelled() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.get();
      assertThat(x.cancel(true)).isFalse();
      assertThat(x.isCancelled()).isFalse();
      client.cancel(List.of(x));
      assertThat(x.get()).isEqualTo(1);
    }
  }
}
