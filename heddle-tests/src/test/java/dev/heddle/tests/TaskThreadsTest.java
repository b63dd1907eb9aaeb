package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.Task1;
import dev.heddle.TaskOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whoever looks at a thread sees which task it runs.
@Timeout(60)
class TaskThreadsTest {
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
