package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Task;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// What functions print in worker processes is had at the client.
@Timeout(120)
class LogsTest {
  @Test
  void whatATaskPrintsAndLogsIsHadAtTheClientAlsoOfOneThatFails() throws Exception {
    try (var cluster = LocalCluster.processes(2, ChildOptions.DEFAULT)) {
      var client = cluster.client();
      Task<Integer> talks = () -> {
        System.out.println("hello from outside");
        System.err.printf("%d wörds%n", 2);
        LoggerFactory.getLogger("of.the.user").warn("logged {}", 3);
        return 4;
      };
      Task<Integer> fails = () -> {
        System.out.print("just before");
        throw new IllegalStateException("no");
      };
      Task<Integer> silent = () -> 5;
      var talked = client.submit(talks);
      var failed = client.submit(fails);
      var quiet = client.submit(silent);
      assertThat(talked.get()).isEqualTo(4);
      assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);
      assertThat(quiet.get()).isEqualTo(5);

      assertThat(client.logs(talked).lines().toList()).hasSize(3)
          .allMatch(line -> line.matches("\\S+Z {2}worker-[12] {2}(out|err) {2}.*"))
          .anyMatch(line -> line.endsWith("  out  hello from outside"))
          .anyMatch(line -> line.endsWith("  err  2 wörds"))
          .anyMatch(line -> line.endsWith("logged 3"));
      assertThat(client.logs(failed)).endsWith("  out  just before");
      assertThat(client.logs(quiet)).isEmpty();
    }
  }
}
