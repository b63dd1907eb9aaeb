package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import dev.heddle.cluster.LocalCluster;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A task's function is called once more, here. The worker is another process, so that what happens in
/// this one is the replay's.
@Timeout(120)
class ReplayTest {
  private static final AtomicInteger CALLS_HERE = new AtomicInteger();
  private static final AtomicReference<@Nullable Thread> CALLER = new AtomicReference<>();

  private static LocalCluster cluster;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.processes(1);
    client = cluster.client();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void forget() {
    CALLS_HERE.set(0);
    CALLER.set(null);
  }

  private static int called(int value) {
    CALLS_HERE.incrementAndGet();
    CALLER.set(Thread.currentThread());
    return value;
  }

  private static int parsed(String text) {
    return called(Integer.parseInt(text));
  }

  private static Throwable failure(RemoteFuture<?> future) throws InterruptedException {
    try {
      client.replay(future);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
    throw new AssertionError(future + " did not fail");
  }

  @Test
  void aValueIsMadeAgainInTheCallersThread() throws Exception {
    var future = client.submit(() -> called(42));
    assertThat(future.get()).isEqualTo(42);
    assertThat(CALLS_HERE).hasValue(0);
    assertThat(client.replay(future)).isEqualTo(42);
    assertThat(CALLS_HERE).hasValue(1);
    assertThat(CALLER).hasValue(Thread.currentThread());
  }

  @Test
  void inputsOfAllKindsAreThoseThatItHad() throws Exception {
    var x = client.submit(() -> 1);
    var y = client.submit(() -> 20);
    var some = List.of(client.submit(() -> 300), client.submit(() -> 4_000));
    var sum = client.submit((Integer a, List<RemoteFuture<Integer>> more) -> called(
        a + y.get() + more.get(0).get() + more.get(1).get()), x, dev.heddle.Input.of(some));
    assertThat(sum.get()).isEqualTo(4_321);
    assertThat(client.replay(sum)).isEqualTo(4_321);
    assertThat(CALLS_HERE).hasValue(1);
  }

  @Test
  void aFailureIsTheSameAgain() throws Exception {
    var future = client.submit(() -> parsed("x"));
    assertThatThrownBy(future::get).hasCauseInstanceOf(NumberFormatException.class);
    var again = failure(future);
    assertThat(again).isInstanceOf(NumberFormatException.class)
        .hasMessage("For input string: \"x\"");
    assertThat(again.getStackTrace()).anySatisfy(frame -> assertThat(frame.getMethodName())
        .isEqualTo("parsed"));
  }

  @Test
  void whatWasReleasedIsComputedAgain() throws Exception {
    var text = client.submit(() -> "1" + "x");
    var longer = client.submit(t -> t + "y", text);
    var number = client.submit(t -> parsed(t), longer);
    assertThatThrownBy(number::get).hasCauseInstanceOf(NumberFormatException.class);
    text.close();
    longer.close();
    // What other tests hold is nothing to this one.
    Awaited.that(() -> assertThat(client.explain(text)).contains("is not kept"));
    Awaited.that(() -> assertThat(client.explain(longer)).contains("is not kept"));
    assertThat(failure(number)).hasMessage("For input string: \"1xy\"");
    assertThat(failure(number)).hasMessage("For input string: \"1xy\"");
  }

  @Test
  void inputsOfWhatFailedAreKeptOnDemandUntilItIsReplayedAndItsFutureGoes() throws Exception {
    try (var recording = Heddle.connect(client.address().toString(),
        ClientOptions.DEFAULT.secret(cluster.secret()).recordFailures(true))) {
      var place = recording.submit(() -> ProcessHandle.current().pid() + " " + System.nanoTime());
      var fails = recording.submit((String text) -> {
        throw new IllegalStateException(text);
      }, place);
      assertThatThrownBy(fails::get).hasCauseInstanceOf(IllegalStateException.class);
      var before = place.get();
      place.close();
      // Computed again, it would be another text.
      assertThatThrownBy(() -> recording.replay(fails)).hasRootCauseMessage(before);
      assertThat(recording.explain(place)).contains("is done; its value");
      fails.close();
      Awaited.that(() -> assertThat(recording.explain(place)).contains("is not known here"));
    }
  }

  @Test
  void ofWhatFailedBecauseOfAnotherThatIsReplayed() throws Exception {
    var total = client.reduce(client.map(List.of("1", "2", "x", "4"), ReplayTest::parsed),
        Integer::sum);
    assertThatThrownBy(total::get).hasCauseInstanceOf(NumberFormatException.class);
    assertThat(failure(total)).hasMessage("For input string: \"x\"");
    assertThat(CALLS_HERE).hasValue(0);
  }

  @Test
  void whatDoesNotFailHereIsSaid() throws Exception {
    var here = ProcessHandle.current().pid();
    var fails = client.submit(() -> {
      if (ProcessHandle.current().pid() != here) {
        throw new IllegalStateException("not here");
      }
      return 7;
    });
    var next = client.submit(n -> n + 1, fails);
    assertThatThrownBy(next::get).hasRootCauseMessage("not here");
    assertThat(client.replay(fails)).isEqualTo(7);
    assertThatThrownBy(() -> client.replay(next)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(next.key() + "' has no value since '" + fails.key() + "' failed")
        .hasMessageContaining("did not fail this time: it gave a java.lang.Integer");
  }

  @Test
  void insideItTheClientIsTheCallers() throws Exception {
    var future = client.submit(() -> Heddle.current().submit(() -> 5).get() + 1);
    assertThat(future.get()).isEqualTo(6);
    assertThat(client.replay(future)).isEqualTo(6);
    assertThat(client.submit(() -> 1).get()).as("the client is open").isEqualTo(1);
  }

  @Test
  void whatCannotBeReplayedIsSaid() throws Exception {
    var put = client.scatter("value");
    assertThatThrownBy(() -> client.replay(put)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was put on workers by its client");
    var cancelled = client.submit(() -> {
      new CountDownLatch(1).await();
      return 1;
    });
    assertThatThrownBy(() -> client.replay(cancelled)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not done yet");
    cancelled.cancel(true);
    assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);
    assertThatThrownBy(() -> client.replay(cancelled)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cancelled");
    var closed = client.submit(() -> 1);
    closed.close();
    Awaited.that(() -> assertThatThrownBy(() -> client.replay(closed))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is not known here"));
  }
}
