package dev.heddle.tests;

import dev.heddle.Action;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a program is told of a task on which worker after worker died.
@Timeout(120)
class WorkerDeathTest {
  /// Long enough for the worker to say how it is.
  private static void aWhile() throws InterruptedException {
    var _ = new CountDownLatch(1).await(1_500, TimeUnit.MILLISECONDS);
  }

  private static String told(Action deadly) throws Exception {
    try (var cluster = LocalCluster.processes(3, ChildOptions.DEFAULT.withHeapBytesMax(64 << 20))) {
      var future = cluster.client().submit(deadly, TaskOptions.NONE.name("deadly"));
      try {
        future.get();
      } catch (ExecutionException e) {
        return String.valueOf(e.getMessage());
      }
      throw new AssertionError("it lives");
    }
  }

  @Test
  void theSignalTheLastWordsAndHowTheWorkerWas() throws Exception {
    Golden.check("died-by-signal", told(() -> {
      System.out.println("the disk has melted");
      aWhile();
      var _ = new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid()))
          .start();
      new CountDownLatch(1).await();
    }));
  }
}
