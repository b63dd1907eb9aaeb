package dev.heddle.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.wire.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whoever runs the demo can look at it with the other commands.
@Timeout(120)
class DemoTest {
  /// Those of a worker, by what `heddle ps` calls them: who listens and decides, and who is given what over
  /// which channel.
  private static final String[] OF_A_WORKER = {"link", "accept", "control", "executions", "slot",
      "fetches", "gather", "servings", "serve", "departures", "depart", "spills", "spill", "copies",
      "take", "registrar", "locate", "clock", "beat", "pulse"};

  @Test
  void psShowsTheProcessesAndChannelsOfAllItsNodes(@TempDir Path directory) throws Exception {
    var secret = directory.resolve("secret");
    Secret.create(secret);
    var environment = Map.of(Secret.FILE_VARIABLE, secret.toString());
    try (var demo = JvmProcess.heddle(environment, "demo", "--no-compare", "--workers", "4",
        "--dashboard-port", "none", "--report", directory.resolve("demo.html").toString())) {
      var address = demo.awaitWordAfter("scheduler at ");
      try (var ps = JvmProcess.heddle(environment, "ps", "--address", address)) {
        assertThat(ps.awaitExit()).as("%s", ps).isZero();
        var nodes = ps.output().split("\n(?=worker )", -1);
        assertThat(nodes).hasSize(5);
        assertThat(nodes[0]).startsWith("scheduler ").contains("control", "members", "attend");
        for (var worker = 1; worker <= 4; worker++) {
          assertThat(nodes[worker]).startsWith("worker worker-" + worker).contains(OF_A_WORKER);
        }
      }
      assertThat(demo.awaitExit()).as("%s", demo).isZero();
      assertThat(demo.output()).as("nothing to worry about").doesNotContain("WARN");
    }
  }
}
