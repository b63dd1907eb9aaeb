package dev.heddle.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole histories of a scheduler among toys, each from a seed, with every invariant checked after each event. At
/// the end every future has ended, and when none is held any more nothing is left anywhere.
class RandomTest {
  @ParameterizedTest
  @CsvSource({"0, 300, 300", "10, 600, 300", "60, 700, 300"})
  void everyFutureEndsAndNothingIsLeft(int faults, int seeds, int steps) {
    for (var seed = 0; seed < seeds; seed++) {
      run(seed, faults, steps);
    }
  }

  @Test
  void theSameEventsGiveTheSameCommands() {
    for (var seed = 0; seed < 50; seed++) {
      var once = new ToyWorld(seed, 30);
      var again = new ToyWorld(seed, 30);
      once.run(300);
      again.run(300);
      assertThat(again.saidHash()).as("what was said in seed %d", seed).isEqualTo(once.saidHash());
    }
  }

  static void run(long seed, int faults, int steps) {
    assertThatCode(() -> {
      var world = new ToyWorld(seed, faults);
      world.run(steps);
      world.end();
    }).as("seed %d with %d faults in 1,000 of %d steps", seed, faults, steps)
        .doesNotThrowAnyException();
  }
}
