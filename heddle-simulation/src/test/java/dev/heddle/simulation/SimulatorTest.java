package dev.heddle.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.simulation.Simulator.Seeds;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SimulatorTest {
  @Test
  void everySeedIsRunOnceWhateverTheNumberOfThreads() {
    var told = new ArrayList<Long>();
    var result = Simulator.run(new Seeds(Scenario.WORKERS, 7, 20, 3),
        (done, _, _) -> told.add(done));
    assertThat(result.seeds()).isEqualTo(20);
    assertThat(result.failed()).isZero();
    assertThat(result.simulated().toSeconds()).isPositive();
    assertThat(told).hasSize(20).endsWith(20L);
  }

  @Test
  void aResultIsOneLine() {
    var result = Simulator.run(new Seeds(Scenario.WORKERS, 1, 2, 1), (_, _, _) -> {});
    assertThat(result.toString()).matches(
        "2 seeds, 0 failed, \\d+ seeds/s, \\d+\\.\\d hours of simulated time in \\d+\\.\\d s");
  }

  @Test
  void anInterruptEndsItAfterTheSeedsUnderWay() {
    Thread.currentThread().interrupt();
    var result = Simulator.run(new Seeds(Scenario.WORKERS, 1, 1_000_000_000, 1), (_, _, _) -> {});
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.seeds()).isLessThan(1_000_000_000);
  }
}
