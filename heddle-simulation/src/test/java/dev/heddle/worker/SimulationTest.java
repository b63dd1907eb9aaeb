package dev.heddle.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Runs seeds. More of them: `mvn test -pl heddle-simulation -am -Dheddle.seeds=100000`, and
/// `-Dheddle.from=7 -Dheddle.seeds=1` for a single one.
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("heddle.seeds", 2_000);
  private static final long FROM = Long.getLong("heddle.from", 1);

  @Test
  void whateverHappensEverythingEndsAndIsRight() {
    for (var seed = FROM; seed < FROM + SEEDS; seed++) {
      Simulation.run(seed);
    }
  }

  @Test
  void aSeedReplaysExactly() {
    for (var seed = FROM; seed < FROM + Math.min(SEEDS, 50); seed++) {
      assertThat(Simulation.run(seed)).as("seed %d", seed).isEqualTo(Simulation.run(seed));
    }
  }

  /// Prints what a great number of seeds does: which of them fail, and the first in full.
  public static void main(String[] arguments) {
    var from = Long.parseLong(arguments[0]);
    var count = Long.parseLong(arguments[1]);
    var failed = 0;
    var digests = 0L;
    for (var seed = from; seed < from + count; seed++) {
      try {
        digests = digests * 31 + Simulation.run(seed);
      } catch (AssertionError e) {
        if (failed++ == 0) {
          e.printStackTrace();
        }
        System.out.println(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      }
    }
    System.out.println(failed + " of " + count + " failed; digest " + digests);
  }
}
