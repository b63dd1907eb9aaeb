package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulateCommandTest {
  private final CommandLines heddle = new CommandLines(Map.of());

  @Test
  void theLastLineSaysHowManySeedsHowManyFailedHowQuicklyAndHowMuchSimulatedTime() {
    var ended = heddle.run("simulate", "--seeds", "3", "--from", "7");
    assertThat(ended.status()).isZero();
    assertThat(ended.out().lines().toList().getLast()).matches(
        "3 seeds, 0 failed, \\d+ seeds/s, \\d+\\.\\d hours of simulated time in \\d+\\.\\d s");
  }

  @Test
  void programsGetJson() {
    var ended = heddle.run("simulate", "--seeds", "2", "--json");
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("\"seeds\" : 2", "\"failed\" : 0", "\"failures\" : [ ]");
  }

  @Test
  void noSeedsMakeNoSense() {
    var ended = heddle.run("simulate", "--seeds", "0");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("at least 1");
  }
}
