package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void quartilesLieOnALineBetweenTheirNeighbours() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0)))
        .isEqualTo(new Spread(1, 1.75, 2.5, 3.25, 4));
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7, 7, 7));
  }

  @Test
  void aPercentileIsOneOfTheValues() {
    assertThat(Spread.percentile(new long[]{30, 10, 20}, 0.5)).isEqualTo(20);
    assertThat(Spread.percentile(new long[]{30, 10, 20}, 1)).isEqualTo(30);
  }
}
