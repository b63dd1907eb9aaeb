package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Task;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Libraries look for classes and resources that may not be there. On a worker, that is told by the
/// program that submitted the task, through the scheduler.
@Timeout(120)
class OptionalClassTest {
  private static final ChildOptions SMALL = ChildOptions.DEFAULT.withHeapBytesMax(256L << 20)
      .withJavaOptions(List.of("-XX:TieredStopAtLevel=1")).withSchedulerToo(true);

  static String look() {
    try {
      return Class.forName("org.example.Missing").getName();
    } catch (ClassNotFoundException e) {
      return "not found";
    }
  }

  @Test
  void whatTheProgramDoesNotHaveIsNotFoundAsAtHome() throws Exception {
    try (var cluster = LocalCluster.processes(1, SMALL)) {
      Task<String> aClass = OptionalClassTest::look;
      Task<Boolean> aResource = () -> OptionalClassTest.class
          .getResource("/missing.properties") == null;
      assertThat(cluster.client().submit(aClass).get()).isEqualTo("not found");
      assertThat(cluster.client().submit(aResource).get()).isTrue();
    }
  }
}
