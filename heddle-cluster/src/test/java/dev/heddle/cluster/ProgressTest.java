package dev.heddle.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Client;
import dev.heddle.Heddle;
import dev.heddle.RemoteFuture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ProgressTest {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream before;
  private Client client;

  @BeforeEach
  void start() throws Exception {
    before = System.err;
    System.setErr(new PrintStream(printed, true, UTF_8));
    client = Heddle.local(2);
  }

  @AfterEach
  void stop() {
    System.setErr(before);
    client.close();
  }

  @Test
  void itWaitsForAllAndCountsHowTheyEnded() throws Exception {
    var futures = new ArrayList<RemoteFuture<?>>();
    futures.addAll(client.map(IntStream.range(0, 100).boxed().toList(), n -> 1_000 / (n % 10)));
    var waiting = client.submit(ProgressTest::waitForEver);
    futures.add(waiting);
    waiting.cancel(true);
    var summary = client.progress("divisions", futures);
    assertThat(futures).allMatch(RemoteFuture::isDone);
    assertThat(summary.succeeded()).isEqualTo(90);
    assertThat(summary.failed()).isEqualTo(10);
    assertThat(summary.cancelled()).isEqualTo(1);
    assertThat(summary.allSucceeded()).isFalse();
    assertThat(printed.toString(UTF_8))
        .contains("divisions: 100 %, 101 of 101, 10 failed, 1 cancelled");
  }

  static int waitForEver() throws InterruptedException {
    NEVER.await();
    return 1;
  }

  @Test
  void ofNothingThereIsNothingToWaitFor() throws Exception {
    var summary = client.progress(List.of());
    assertThat(summary.allSucceeded()).isTrue();
    assertThat(summary.succeeded()).isZero();
  }

  @Test
  void anInterruptEndsTheWaitAndTheTasksGoOn() throws Exception {
    var future = client.submit(ProgressTest::waitForEver);
    Thread.currentThread().interrupt();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(
        () -> client.progress(List.of(future)))).isInstanceOf(InterruptedException.class);
    assertThat(future.isDone()).isFalse();
    future.cancel(true);
  }
}
