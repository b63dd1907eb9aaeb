package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void aBoundIsInItsOwnClassAndWhatIsLongerInTheNext() {
    var durations = new Durations();
    durations.add(10_000);
    durations.add(10_001);
    durations.add(30_001);

    var figures = durations.figures();

    assertThat(figures.counts().subList(0, 4)).containsExactly(1L, 1L, 1L, 0L);
    assertThat(figures.sumNanos()).isEqualTo(50_002);
    assertThat(figures.count()).isEqualTo(3);
  }

  @Test
  void whatIsLongerThanAnyBoundHasAClassOfItsOwn() {
    var durations = new Durations();
    durations.add(Long.MAX_VALUE);

    assertThat(durations.figures().counts()).hasSize(Durations.boundsNanos().length + 1)
        .last().isEqualTo(1L);
  }

  @Test
  void aClockThatWentBackCountsAsNothing() {
    var durations = new Durations();
    durations.add(-5);

    assertThat(durations.figures().counts().getFirst()).isEqualTo(1);
    assertThat(durations.figures().sumNanos()).isZero();
  }

  @Test
  void boundsGoFromTenMicrosecondsToAboutAnHour() {
    assertThat(Durations.boundsNanos()).startsWith(10_000, 30_000, 100_000)
        .endsWith(1_000_000_000_000L, 3_000_000_000_000L).isSorted();
  }
}
