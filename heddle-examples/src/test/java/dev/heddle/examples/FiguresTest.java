package dev.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "9949, 9.9 kB", "9960, 10 kB",
      "999499, 999 kB", "999600, 1.0 MB",
      "7200000, 7.2 MB", "9223372036854775807, 9.2 EB"})
  void bytesHaveTwoOrThreeDigits(long bytes, String expected) {
    assertThat(Figures.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 µs", "740000, 740 µs", "1500000, 1.5 ms", "85000000, 85 ms",
      "999400000, 999 ms", "999600000, 1.00 s",
      "1240000000, 1.24 s", "125000000000, 2 min 5 s", "59960000000, 1 min 0 s"})
  void durationsUseTheUnitThatFits(long nanos, String expected) {
    assertThat(Figures.duration(Duration.ofNanos(nanos))).isEqualTo(expected);
  }
}
