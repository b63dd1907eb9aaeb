package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptTest {
  private static Attempt attempt(int number, int most, long runNanos) {
    return new Attempt(Key.of("count-3f2a/17"), "w2", "host-7", 4711, number, most, runNanos);
  }

  @Test
  void itSaysWhereWhichAndHowLong() {
    assertThat(attempt(2, 3, 41_900_000)).hasToString("ran as 'count-3f2a/17' on worker w2"
        + " (host-7, process 4711), attempt 2 of 3, after 41 ms");
  }

  @Test
  void itSaysNothingOfAttemptsWhereThereIsButOne() {
    assertThat(attempt(1, 1, 900)).hasToString("ran as 'count-3f2a/17' on worker w2"
        + " (host-7, process 4711), after less than 1 ms");
  }

  @Test
  void itSaysThatAFunctionDidNotBegin() {
    assertThat(attempt(1, 2, 0)).hasToString("was to run as 'count-3f2a/17' on worker w2"
        + " (host-7, process 4711), attempt 1 of 2; it did not begin");
  }
}
