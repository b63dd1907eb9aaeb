package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.TaskKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconnectingTest {
  private static Client patient(Toy toy) throws Exception {
    return toy.connect(ClientOptions.DEFAULT.patience(Toy.SOON));
  }

  private static void awaitReturns(Toy toy, int count) throws InterruptedException {
    Toy.eventually("the client is back", () -> toy.said(Message.Greet.class).stream()
        .filter(Message.Greet::returning).count() >= count && toy.clients() == 1);
  }

  @Test
  void aBrokenConnectionCostsNothing() throws Exception {
    try (var toy = new Toy().hold(); var client = patient(toy)) {
      var numbers = IntStream.range(0, 1_000).boxed().toList();
      var all = client.map(numbers, n -> 2 * n);
      var sum = client.reduce(all, Integer::sum);
      toy.runOne(key -> key.text().endsWith("/7"));
      assertThat(all.get(7).get()).isEqualTo(14);
      toy.breakConnections();
      awaitReturns(toy, 1);
      toy.release();
      assertThat(sum.get()).isEqualTo(999_000);
      assertThat(toy.runs.values()).containsOnly(1);
      var greet = toy.said(Message.Greet.class).getLast();
      assertThat(greet.workersKnown()).containsExactly(toy.worker().info.id());
    }
  }

  @Test
  void chunksOfAStreamAreToldAgainEachByItsOwnKeys() throws Exception {
    try (var toy = new Toy().hold(); var client = patient(toy)) {
      var all = client.map(IntStream.range(0, 100).boxed(), n -> 2 * n);
      Toy.eventually("told", () -> keysTold(toy, false).size() == 100);
      toy.breakConnections();
      Toy.eventually("told again", () -> keysTold(toy, true).size() == 100);
      toy.release();
      assertThat(client.gather(all)).hasSize(100).startsWith(0, 2).endsWith(198);
      assertThat(keysTold(toy, true)).isEqualTo(all.stream().map(RemoteFuture::key).toList());
    }
  }

  private static List<Key> keysTold(Toy toy, boolean again) {
    return toy.said(Message.SubmitMap.class).stream().filter(map -> map.returning() == again)
        .flatMap(map -> IntStream.range(0, map.operands().size())
            .mapToObj(i -> TaskKeys.element(map.group(), map.index() + i)))
        .toList();
  }

  @Test
  void aSchedulerThatForgotEverythingIsToldAgainAndNothingFinishedRunsTwice() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = patient(toy)) {
      var first = client.map(IntStream.range(0, 100).boxed().toList(), n -> "value " + n);
      for (var future : first) {
        Toy.eventually("done", future::isDone);
      }
      toy.hold();
      var second = client.map(first, String::length);
      toy.stop();
      toy.start();
      awaitReturns(toy, 1);
      toy.release();
      assertThat(client.gather(second)).containsOnly(7, 8).hasSize(100);
      assertThat(client.gather(first)).hasSize(100).contains("value 99");
      assertThat(toy.runs.values()).containsOnly(1);
      assertThat(toy.said(Message.SubmitMap.class)).anyMatch(Message.SubmitMap::returning);
    }
  }

  @Test
  void aSchedulerAndItsWorkersThatForgotEverythingComputeItAgain() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = patient(toy)) {
      var x = client.submit(() -> "x", TaskOptions.named("x"));
      var y = client.submit(a -> a + "y", x, TaskOptions.named("y"));
      Toy.eventually("done", y::isDone);
      toy.stop();
      toy.worker().values.clear();
      toy.start();
      assertThat(y.get()).isEqualTo("xy");
      assertThat(toy.runs.get(y.key())).isEqualTo(2);
    }
  }

  @Test
  void whatIsInHandIsNotComputedAgainButCanBeAnInput() throws Exception {
    try (var toy = new Toy(); var client = patient(toy)) {
      var x = client.submit(() -> 20);
      assertThat(x.get()).isEqualTo(20);
      toy.hold();
      var before = client.submit(a -> a + 1, x);
      toy.stop();
      toy.worker().values.clear();
      toy.start();
      awaitReturns(toy, 1);
      var after = client.submit(a -> a + 2, x);
      var captured = client.submit(() -> x.get() + 3);
      toy.release();
      assertThat(before.get()).isEqualTo(21);
      assertThat(after.get()).isEqualTo(22);
      assertThat(captured.get()).isEqualTo(23);
      assertThat(toy.said(Message.Submit.class).stream()
          .filter(submit -> submit.key().equals(x.key()) && submit.returning())).hasSize(1);
    }
  }

  @Test
  void whatIsSubmittedMeanwhileWaits() throws Exception {
    try (var toy = new Toy(); var client = patient(toy)) {
      toy.stop();
      var x = client.submit(() -> 20);
      var y = client.submit(a -> a + 1, x);
      var all = client.map(List.of(1, 2, 3), n -> n + 1);
      toy.start();
      assertThat(y.get()).isEqualTo(21);
      assertThat(client.gather(all)).containsExactly(2, 3, 4);
      assertThat(toy.said(Message.Submit.class)).noneMatch(Message.Submit::returning);
    }
  }

  @Test
  void whatIsDroppedOrCancelledMeanwhileIsToldLater() throws Exception {
    try (var toy = new Toy().hold(); var client = patient(toy)) {
      var kept = client.submit(() -> 1);
      var dropped = client.submit(() -> 2);
      var cancelled = client.submit(() -> 3);
      Toy.eventually("submitted", () -> toy.wanted() == 3);
      toy.breakConnections();
      dropped.close();
      cancelled.cancel(true);
      awaitReturns(toy, 1);
      Toy.eventually("dropped", () -> toy.wanted() == 2);
      Toy.eventually("aborted", () -> !toy.said(Message.Abort.class).isEmpty());
      toy.release();
      assertThat(kept.get()).isEqualTo(1);
      assertThat(toy.runs.keySet()).containsExactly(kept.key());
    }
  }

  @Test
  void whatADroppedTaskGivesIsComputedAgainForThoseThatNeedIt() throws Exception {
    try (var toy = new Toy(); var client = patient(toy)) {
      toy.hold();
      var x = client.submit(() -> 20, TaskOptions.named("x"));
      var y = client.submit(a -> a + 1, x, TaskOptions.named("y"));
      x.close();
      toy.stop();
      toy.start();
      awaitReturns(toy, 1);
      Toy.eventually("dropped again", () -> toy.wanted() == 1);
      toy.release();
      assertThat(y.get()).isEqualTo(21);
    }
  }

  @Test
  void publishedAndScatteredValuesComeBackToo() throws Exception {
    try (var toy = new Toy();
        var publisher = toy.connect();
        var client = patient(toy)) {
      var scattered = client.scatter("scattered");
      client.publish("greeting", scattered);
      RemoteFuture<String> adopted = client.published("greeting");
      toy.breakConnections();
      Toy.eventually("both are back", () -> toy.said(Message.Greet.class).size() == 4);
      var both = client.submit((a, b) -> a + b.length(), scattered, adopted);
      assertThat(both.get()).isEqualTo("scattered9");
    }
  }

  @Test
  void patienceThatIsOverEndsEveryFutureAndSaysSo() throws Exception {
    try (var toy = new Toy().hold();
        var client = toy.connect(ClientOptions.DEFAULT.patience(Duration.ofMillis(50)))) {
      var futures = new ArrayList<RemoteFuture<Integer>>(client.map(List.of(1, 2), n -> n));
      futures.add(client.submit(() -> 3));
      toy.stop();
      for (var future : futures) {
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class)
            .cause().isInstanceOf(ClusterUnavailableException.class)
            .hasMessageContaining(toy.address.toString()).hasMessageContaining("50 ms")
            .hasMessageContaining("start it again");
      }
      assertThatThrownBy(() -> client.submit(() -> 1))
          .isInstanceOf(ClusterUnavailableException.class)
          .hasMessageContaining("did not come back within 50 ms");
      assertThatThrownBy(client::info).isInstanceOf(ClusterUnavailableException.class);
    }
  }

  @Test
  void aClientCanBeClosedWhileItsSchedulerIsAway() throws Exception {
    try (var toy = new Toy().hold()) {
      var client = patient(toy);
      var x = client.submit(() -> 1);
      toy.stop();
      client.close();
      assertThatThrownBy(x::get).cause().isInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void aQuestionWaitsForTheConnection() throws Exception {
    try (var toy = new Toy(); var client = patient(toy)) {
      toy.breakConnections();
      assertThat(client.info().scheduler()).isEqualTo("toy");
    }
  }

  @Test
  void aLongChainIsToldAgainInOrder() throws Exception {
    try (var toy = new Toy().hold(); var client = patient(toy)) {
      var last = client.submit(() -> 0);
      for (var i = 0; i < 3_000; i++) {
        last = client.submit(a -> a + 1, last);
      }
      toy.stop();
      toy.start();
      awaitReturns(toy, 1);
      toy.release();
      assertThat(last.get()).isEqualTo(3_000);
    }
  }
}
