package dev.heddle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.values.RemoteFailureException;
import dev.heddle.wire.Bulk;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.Payload;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingTest {
  @Test
  void aLargeValueStaysOnItsWorkerUntilSomebodyAsks() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = toy.connect()) {
      var x = client.submit(() -> new int[100_000]);
      Toy.eventually("done", x::isDone);
      assertThat(x.state()).isEqualTo(Future.State.SUCCESS);
      assertThat(toy.worker().asked).isEmpty();
      var value = x.get();
      assertThat(value).hasSize(100_000);
      assertThat(x.get()).isSameAs(value);
      assertThat(toy.worker().asked).hasSize(1);
    }
  }

  @Test
  void manyValuesComeWithOneRequestAWorker() throws Exception {
    try (var toy = new Toy(2).inlineMax(0); var client = toy.connect()) {
      var numbers = IntStream.range(0, 500).boxed().toList();
      var futures = client.map(numbers, n -> "value " + n);
      assertThat(client.gather(futures))
          .isEqualTo(numbers.stream().map(n -> "value " + n).toList());
      assertThat(toy.workers).allSatisfy(worker -> assertThat(worker.asked).hasSize(1));
    }
  }

  @Test
  void nullIsAValue() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> null);
      assertThat(x.get()).isNull();
      var y = client.submit(a -> a == null, x);
      assertThat(y.get()).isTrue();
    }
  }

  @Test
  void aValueThatIsNotWhereItWasIsAskedForAgain() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = toy.connect()) {
      var x = client.submit(() -> "value");
      Toy.eventually("done", x::isDone);
      toy.worker().values.clear();
      assertThat(x.get()).isEqualTo("value");
      assertThat(toy.said(Message.Need.class)).hasSize(1);
      assertThat(toy.runs.get(x.key())).isEqualTo(2);
    }
  }

  @Test
  void aValueThatCannotBeSentSaysWhy() throws Exception {
    try (var toy = new Toy().inlineMax(0); var client = toy.connect()) {
      var x = client.submit(() -> "value");
      Toy.eventually("done", x::isDone);
      toy.worker().unsendable.put(x.key(),
          toy.failure(new IllegalStateException("holds a socket")));
      assertThatThrownBy(x::get).isInstanceOf(ExecutionException.class)
          .cause().isInstanceOf(IllegalStateException.class).hasMessage("holds a socket");
    }
  }

  @Test
  void aTimeoutSaysWhatTheTaskWaitsFor() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      assertThatThrownBy(() -> x.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class)
          .hasMessage("'" + x.key() + "' is not done after 1 ms: the toy was not asked to run "
              + x.key() + " (HDL-0023)");
      toy.release();
      assertThat(x.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void whoeverWaitsCanBeInterrupted() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      var outcome = new CompletableFuture<Throwable>();
      var thread = Thread.ofPlatform().start(() -> {
        try {
          x.get();
        } catch (InterruptedException | ExecutionException e) {
          outcome.complete(e);
        }
      });
      thread.interrupt();
      assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      toy.release();
      assertThat(x.get()).isEqualTo(1);
    }
  }

  @Test
  void anInterruptedThreadGetsWhatIsThereAndWaitsForNothing() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.get();
      toy.hold();
      var y = client.submit(() -> 2);
      Thread.currentThread().interrupt();
      assertThat(x.get()).isEqualTo(1);
      assertThatThrownBy(y::get).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void aLostTaskSaysWhy() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      Toy.eventually("submitted", () -> toy.wanted() == 1);
      toy.end(x.key(), number -> new Result.Lost(number, "no worker fits"));
      assertThatThrownBy(x::get).cause().isInstanceOf(TaskLostException.class)
          .hasMessage("no worker fits (HDL-0034)");
      assertThat(x.state()).isEqualTo(Future.State.FAILED);
    }
  }

  @Test
  void resultsOfTasksThatNobodyWantsAnyMoreAreIgnored() throws Exception {
    try (var toy = new Toy(); var client = toy.connect()) {
      var x = client.submit(() -> 1);
      x.get();
      toy.end(x.key(), number -> new Result.Lost(number, "twice"));
      toy.end(x.key(), number -> new Result.Ready(number + 1000, "", 0, List.of(),
          Optional.empty()));
      assertThat(client.submit(() -> 2).get()).isEqualTo(2);
      assertThat(x.get()).isEqualTo(1);
    }
  }

  /// Tells the client what it had no memory for, as its link would.
  private static void untaken(RemoteFuture<?> future, Function<Long, Result> result)
      throws InterruptedException {
    var handle = (Handle<?>) future;
    var core = handle.core();
    var scheduler = core.ledger().awaitConnection(System.nanoTime() + Toy.SOON.toNanos());
    core.session().untaken(requireNonNull(scheduler),
        new Message.Results(List.of(result.apply(handle.entry().number))), "no memory");
  }

  private static Payload withoutBuffers() {
    return new Payload(0, List.of(), new byte[]{1}, List.of(Bulk.of(new byte[0])));
  }

  @Test
  void aValueThatCameInVainIsFetched() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 42);
      untaken(x, number -> new Result.Ready(number, "a type", 8, List.of(),
          Optional.of(withoutBuffers())));
      assertThat(x.isDone()).isTrue();
      toy.release();
      assertThat(x.get(Toy.SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(42);
    }
  }

  @Test
  void aFailureThatCameInVainIsDescribed() throws Exception {
    try (var toy = new Toy().hold(); var client = toy.connect()) {
      var x = client.submit(() -> 42);
      var failure = new Failure("org.example.OrderException", "no such order", List.of(), 0,
          Optional.empty(), List.of(), Optional.of(withoutBuffers()));
      untaken(x, number -> new Result.Failed(number, Optional.empty(), Optional.empty(), failure));
      assertThatThrownBy(() -> x.get(Toy.SOON.toSeconds(), TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class).cause()
          .isInstanceOf(RemoteFailureException.class)
          .hasMessage("org.example.OrderException: no such order")
          .satisfies(cause -> assertThat(cause.getSuppressed()).singleElement()
              .isInstanceOf(Submission.Trace.class));
    }
  }
}
