package dev.heddle.tests;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Task;
import dev.heddle.TaskOptions;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The failure of a task whose workers died carries what is known of their deaths.
@Timeout(300)
class DeathsTest {
  private static final ChildOptions SMALL = ChildOptions.DEFAULT.withHeapBytesMax(128L << 20);

  @Test
  void anExitCodeAndTheLastLinesAreTold() throws Exception {
    Task<Object> exits = () -> {
      System.out.println("about to leave");
      // As from a library: a call in the function itself is refused.
      return System.class.getMethod("exit", int.class).invoke(null, 7);
    };
    Golden.check("died-by-exit-code",
        failureOf(exits, SMALL.withJavaOptions(List.of("-XX:TieredStopAtLevel=1"))));
  }

  @Test
  void aFullHeapIsToldWhereItEndsTheProcess() throws Exception {
    Task<Integer> eats = () -> {
      var eaten = new ArrayList<byte[]>();
      while (eaten.size() < 1 << 20) {
        eaten.add(new byte[8 << 20]);
      }
      return eaten.size();
    };
    Golden.check("died-of-memory", failureOf(eats, SMALL.withJavaOptions(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"))));
  }

  @Test
  void aValueThatWasPutOnAWorkerThatDiedCannotBeComputedAgain() throws Exception {
    try (var cluster = LocalCluster.processes(1, SMALL)) {
      var value = cluster.client().scatter(new byte[1 << 20]);
      cluster.workers().getFirst().kill();
      cluster.addWorker("worker-2");
      var length = cluster.client().submit(bytes -> bytes.length, value,
          TaskOptions.NONE.name("length"));
      Golden.check("scattered-value-lost",
          String.valueOf(catchThrowable(length::get).getMessage()));
    }
  }

  private static String failureOf(Task<?> task, ChildOptions options) throws Exception {
    try (var cluster = LocalCluster.processes(3, options)) {
      var future = cluster.client().submit(task, TaskOptions.NONE.name("deadly"));
      return String.valueOf(catchThrowable(future::get).getMessage());
    }
  }
}
