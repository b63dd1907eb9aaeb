package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
  @Test
  void aMessageEndsWithItsCode() {
    assertThat(ErrorCode.BAD_ADDRESS.of("no address: 'x'")).isEqualTo("no address: 'x' (HDL-0007)");
  }

  @Test
  void theCodeOfTheCauseStays() {
    var cause = ErrorCode.NO_ANSWER.of("w did not answer");

    assertThat(ErrorCode.CLUSTER_AWAY.of("nothing was done: " + cause + "; try again"))
        .isEqualTo("nothing was done: w did not answer (HDL-0002); try again");
  }

  @Test
  void aListFollowsTheCode() {
    assertThat(ErrorCode.WORKERS_DIED.of("two died:\n- a\n- b"))
        .isEqualTo("two died (HDL-0032):\n- a\n- b");
    assertThat(ErrorCode.WORKERS_DIED.of("two died\n- a")).isEqualTo("two died (HDL-0032)\n- a");
    assertThat(ErrorCode.WORKERS_DIED.of("\nx")).isEqualTo(" (HDL-0032)\nx");
  }

  @Test
  void noNumberStandsForTwoProblems() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::text)).doesNotHaveDuplicates()
        .isSorted();
  }
}
