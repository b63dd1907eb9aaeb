package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.heddle.Task;
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
    assertThat(failureOf(exits, SMALL.withJavaOptions(List.of("-XX:TieredStopAtLevel=1"))))
        .contains("ended with exit code 7", "about to leave", "did one of them call System.exit?");
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
    assertThat(failureOf(eats, SMALL.withJavaOptions(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"))))
        .contains("ended with exit code 3 (out of memory: the heap was full",
            "Terminating due to java.lang.OutOfMemoryError");
  }

  private static String failureOf(Task<?> task, ChildOptions options) throws Exception {
    try (var cluster = LocalCluster.processes(3, options)) {
      var future = cluster.client().submit(task);
      return String.valueOf(catchThrowable(future::get).getMessage());
    }
  }
}
