package dev.heddle.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitsTest {
  @ParameterizedTest
  @CsvSource({"PT0S, 0 s", "PT0.25S, 0.2 s", "PT9.99S, 9.9 s", "PT3S, 3 s", "PT12.7S, 12 s",
      "PT60S, 1 min", "PT3M20S, 3 min 20 s", "PT2H, 2 h", "PT2H5M59S, 2 h 5 min", "PT49H, 49 h"})
  void aLengthOfTimeReadsAsPeopleSayIt(Duration duration, String text) {
    assertThat(Waits.text(duration)).isEqualTo(text);
  }

  @Test
  void everyLengthOfTimeFitsIntoNanoseconds() {
    assertThat(Waits.nanos(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    assertThat(Waits.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    assertThat(Waits.nanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
  }
}
