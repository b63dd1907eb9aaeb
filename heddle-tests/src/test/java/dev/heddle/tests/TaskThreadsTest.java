package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task1;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.worker.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever looks at a thread sees which task it runs.
@Timeout(60)
class TaskThreadsTest {
  private static final Path STATE = Path.of("/proc/thread-self/stat");

  @Test
  void aThreadIsNamedAfterTheTaskItRunsAlsoIfTheFunctionWasShortSoFar() throws Exception {
    try (var client = Heddle.local()) {
      Task1<Boolean, String> named = TaskThreadsTest::nameOfThisThread;
      var first = client.submit(named, false);
      assertThat(first.get()).matches("worker-\\d+/slot-\\d+ " + first.key().text());
      for (var i = 0; i < 100; i++) {
        client.submit(named, false).get();
      }
      var long1 = client.submit(named, true);
      assertThat(long1.get()).matches("worker-\\d+/slot-\\d+ " + long1.key().text());
      var blocking = client.submit(named, false, TaskOptions.NONE.blocking());
      assertThat(blocking.get()).matches("worker-\\d+/blocking " + blocking.key().text());
    }
  }

  @Test
  void aFunctionThatRunsForLongGivesWayInAWorkerProcess() throws Exception {
    Assumptions.assumeThat(STATE).as("Linux tells a thread's niceness").exists();
    var own = niceness(STATE);
    try (var cluster = LocalCluster.processes(1)) {
      var client = cluster.client();
      assertThat(client.submit(TaskThreadsTest::nicenessOnceItChanges).get())
          .isEqualTo(Math.min(own + WorkerOptions.NICE, WorkerOptions.NICE_MAX));
    }
    try (var client = Heddle.local()) {
      var inTheUsersJvm = client.submit(() -> {
        Thread.sleep(1_200); // beyond what is long
        return nicenessNow();
      });
      assertThat(inTheUsersJvm.get()).isEqualTo(own);
    }
  }

  static int nicenessNow() {
    return niceness(STATE);
  }

  static int nicenessOnceItChanges() throws InterruptedException {
    var before = nicenessNow();
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (nicenessNow() == before && System.nanoTime() - until < 0) {
      Thread.sleep(10);
    }
    return nicenessNow();
  }

  /// @param state as proc_pid_stat(5) describes it
  private static int niceness(Path state) {
    try {
      var text = Files.readString(state);
      return Integer.parseInt(text.substring(text.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param waits whether to run until the thread has a key in its name, or for half a minute
  static String nameOfThisThread(boolean waits) {
    var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (waits && !Thread.currentThread().getName().contains(" ")
        && System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
    return Thread.currentThread().getName();
  }
}
