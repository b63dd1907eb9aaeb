package dev.heddle.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.RemoteFuture;
import dev.heddle.cluster.LocalCluster;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// What a test leaves behind is found, and named.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LeaksTest {
  private static final ArrayDeque<Closeable> OPEN = new ArrayDeque<>();
  /// Threads of functions wait for it.
  private static final Semaphore BEGUN = new Semaphore(0);
  private static volatile CountDownLatch over = new CountDownLatch(1);

  /// What is left here stays.
  @BeforeAll
  static void beImpatient() {
    System.setProperty(Footprint.PATIENCE, "500");
  }

  @AfterAll
  static void bePatient() {
    System.clearProperty(Footprint.PATIENCE);
  }

  @AfterEach
  void closeWhatWasLeft() throws Exception {
    over.countDown();
    while (!OPEN.isEmpty()) {
      OPEN.pop().close();
    }
    over = new CountDownLatch(1);
  }

  /// Each of them passes, and leaves something.
  static class Samples {
    @HeddleTest
    void aClient(LocalCluster cluster) throws Exception {
      var client = cluster.connect(ClientOptions.DEFAULT.name("forgotten"));
      OPEN.push(client::close);
      assertThat(client.submit(() -> 1).get()).isEqualTo(1);
    }

    @HeddleTest
    void aValueOfAnotherClient(LocalCluster cluster) throws Exception {
      var client = cluster.connect(ClientOptions.DEFAULT.name("forgotten"));
      RemoteFuture<String> held = client.scatter("held");
      OPEN.push(() -> {
        held.close();
        client.close();
      });
    }

    @HeddleTest
    void aCluster() throws Exception {
      var cluster = LocalCluster.inJvm(1, 1);
      OPEN.push(cluster::close);
    }

    @HeddleTest
    void aThread(Client client) throws Exception {
      client.submit(() -> LeaksTest.startThread()).get();
    }

    @HeddleTest(threadsThatMayStay = "leaky-.*")
    void aThreadThatMayStay(Client client) throws Exception {
      client.submit(() -> LeaksTest.startThread()).get();
    }

    @HeddleTest
    void aSocket(Client client) throws Exception {
      var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      OPEN.push(server);
      assertThat(client.workers()).hasSize(2);
    }

    @HeddleTest
    void aPublishedValue(Client client) throws Exception {
      var future = client.submit(() -> "shared");
      client.publish("the-name", future);
      OPEN.push(future::close);
    }

    @HeddleTest
    void aTaskThatGoesOn(Client client) throws Exception {
      client.fireAndForget(() -> LeaksTest.waitTillOver());
      assertThat(BEGUN.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }

    @HeddleTest
    void nothing(Client client) throws Exception {
      var future = client.submit(() -> new byte[100_000]);
      assertThat(future.get()).hasSize(100_000);
      var _ = client.scatter("kept");
    }

    @HeddleTest(leaks = {})
    void whatNobodyLooksFor(LocalCluster cluster) throws Exception {
      OPEN.push(cluster.connect()::close);
    }

    @HeddleTest
    void aClientAndAFailure(LocalCluster cluster) throws Exception {
      OPEN.push(cluster.connect()::close);
      fail("for another reason");
    }
  }

  static void waitTillOver() throws InterruptedException {
    var latch = over;
    BEGUN.release();
    latch.await();
  }

  static String startThread() {
    var latch = over;
    var thread = new Thread(() -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }, "leaky-1");
    thread.setDaemon(true);
    thread.start();
    return thread.getName();
  }

  private static Runs run(String sample, Class<?>... parameters) {
    var types = java.util.Arrays.stream(parameters).map(Class::getName)
        .collect(java.util.stream.Collectors.joining(","));
    return Runs.of(Samples.class, sample + "(" + types + ")");
  }

  @Test
  void aClientThatIsNotClosed() {
    assertThat(run("aClient", LocalCluster.class).message())
        .startsWith("Samples.aClient left ")
        .contains("the client 'forgotten' is still connected, made at ")
        .contains("LeaksTest.java:").contains("close it (try-with-resources)");
  }

  @Test
  void aValueThatAnotherClientHolds() {
    assertThat(run("aValueOfAnotherClient", LocalCluster.class).message())
        .contains("is still on worker-").contains("close that client, or the future");
  }

  @Test
  void aClusterThatIsNotClosed() {
    assertThat(run("aCluster").message()).contains("scheduler", "opened at ",
        "LeaksTest$Samples.aCluster(LeaksTest.java:");
  }

  @Test
  void aThreadOfAFunction() {
    assertThat(run("aThread", Client.class).message())
        .contains("the thread 'leaky-1'").contains("lives on, at ").contains("LeaksTest.java:")
        .contains("shut down the executor");
    assertThat(run("aThreadThatMayStay", Client.class).failures()).isEmpty();
  }

  @Test
  void whoStartedAThreadIsToldIfThatIsWanted() {
    System.setProperty(Origins.PROPERTY, "true");
    try {
      assertThat(run("aThread", Client.class).message())
          .contains("started at dev.heddle.junit.LeaksTest.startThread(LeaksTest.java:");
    } finally {
      System.clearProperty(Origins.PROPERTY);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSocketThatIsNotClosed() {
    assertThat(run("aSocket", Client.class).message()).contains("the socket 127.0.0.1:")
        .contains("(listening) is open");
  }

  @Test
  void aValueThatIsPublished() {
    assertThat(run("aPublishedValue", Client.class).message())
        .contains("is still published as 'the-name', submitted at LeaksTest.java:")
        .contains("client.unpublish(\"the-name\")");
  }

  @Test
  void aTaskThatNobodyWaitsFor() {
    assertThat(run("aTaskThatGoesOn", Client.class).message()).contains("tasks are not done")
        .contains("processing=1").contains("fireAndForget");
  }

  @Test
  void whatEndsWithTheClientIsNoLeak() {
    assertThat(run("nothing", Client.class).failures()).isEmpty();
  }

  @Test
  void whatIsNotLookedForIsNotFound() {
    assertThat(run("whatNobodyLooksFor", LocalCluster.class).failures()).isEmpty();
  }

  @Test
  void aFailureIsNotHiddenByALeak() {
    assertThat(run("aClientAndAFailure", LocalCluster.class).message())
        .isEqualTo("for another reason");
  }
}
