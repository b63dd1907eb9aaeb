package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.RemoteFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a worker cannot do, since what it runs is long or does not stop, another does. What tasks and tests tell each
/// other goes through this class: they are in one JVM.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OccupiedWorkersTest {
  private static volatile CountDownLatch began = new CountDownLatch(0);
  private static volatile CountDownLatch mayEnd = new CountDownLatch(0);
  private static volatile CountDownLatch allSubmitted = new CountDownLatch(0);

  private LocalCluster cluster;

  @BeforeEach
  void start() throws Exception {
    mayEnd = new CountDownLatch(1);
    allSubmitted = new CountDownLatch(1);
    cluster = LocalCluster.inJvm(2, 1);
  }

  @AfterEach
  void stop() {
    mayEnd.countDown();
    allSubmitted.countDown();
    cluster.close();
  }

  private static int goOn() {
    began.countDown();
    while (true) {
      try {
        mayEnd.await();
        return 1;
      } catch (InterruptedException e) {
        // It ignores that: that is what it is about.
      }
    }
  }

  private static int untilAllAreSubmitted() throws InterruptedException {
    allSubmitted.await();
    return 2;
  }

  private static int quick(int number) {
    return number;
  }

  private RemoteFuture<Integer> endless() throws Exception {
    began = new CountDownLatch(1);
    var endless = cluster.client().submit(OccupiedWorkersTest::goOn);
    began.await();
    return endless;
  }

  private List<RemoteFuture<Integer>> quickOnes(int count) throws Exception {
    var futures = new ArrayList<RemoteFuture<Integer>>();
    for (var i = 0; i < count; i++) {
      var number = i;
      futures.add(cluster.client().submit(() -> quick(number)));
    }
    return futures;
  }

  @Test
  void whatWasCancelledAndGoesOnHoldsUpNothingThatAnotherWorkerCanDo() throws Exception {
    endless().cancel(true);
    assertThat(cluster.client().gather(quickOnes(20))).hasSize(20);
  }

  @Test
  void whereItHoldsUpWhatNoOtherCanDoThatIsSaid() throws Exception {
    var endless = List.of(endless(), endless());
    cluster.client().cancel(endless);
    var waiting = quickOnes(1).getFirst();
    assertThatThrownBy(() -> waiting.get(3, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class)
        .hasMessageContaining("no worker that fits has a slot for it: of worker-")
        .hasMessageContaining(
            "of worker-1, 1 of 1 slot is kept by what was cancelled and goes on: 'goOn-")
        .hasMessageContaining(
            "of worker-2, 1 of 1 slot is kept by what was cancelled and goes on: 'goOn-");
    mayEnd.countDown();
    assertThat(waiting.get()).isZero();
  }

  @Test
  void shortTasksDoNotWaitBehindALongOneWhileAnotherWorkerIsIdle() throws Exception {
    assertThat(cluster.client().gather(quickOnes(200))).hasSize(200);
    var endless = endless();
    var second = cluster.client().submit(OccupiedWorkersTest::untilAllAreSubmitted);
    var quick = quickOnes(4);
    allSubmitted.countDown();
    assertThat(second.get()).isEqualTo(2);
    assertThat(cluster.client().gather(quick)).hasSize(4);
    assertThat(endless.isDone()).isFalse();
  }
}
