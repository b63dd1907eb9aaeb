package dev.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/// What Prometheus itself says of the scrapes and the alert rules, where its `promtool` is installed.
@Timeout(120)
@EnabledIf("isInstalled")
class PromtoolTest {
  private static final String TOOL = "promtool";
  private static final Path RULES = Path.of("..", "deploy", "prometheus", "alerts.yml");

  static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Path.of(directory, TOOL).toFile().canExecute());
  }

  @Test
  void theScrapesOfASchedulerAndOfAWorkerPass() throws Exception {
    try (var cluster = new LiveCluster()) {
      assertThat(cluster.client.submit(() -> 1).get()).isEqualTo(1);
      for (var server : List.of(cluster.ofScheduler, cluster.ofAnna)) {
        assertPasses(cluster.get(server, "/metrics", "text/plain").body(), "check", "metrics");
      }
    }
  }

  @Test
  void theAlertRulesPass() throws Exception {
    assertPasses("", "check", "rules", RULES.toString());
  }

  private static void assertPasses(String input, String... arguments)
      throws IOException, InterruptedException {
    var process = new ProcessBuilder(
        Stream.concat(Stream.of(TOOL), Stream.of(arguments)).toList())
        .redirectErrorStream(true).start();
    try (var to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).doesNotContain("error", "FAILED");
  }
}
