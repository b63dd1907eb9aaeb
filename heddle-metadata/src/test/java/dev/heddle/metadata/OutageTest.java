package dev.heddle.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutageTest {
  private long nanos = 17;
  private final Outage outage = new Outage("heddle://here:1", () -> nanos);

  private String failedAfter(Duration duration) {
    nanos += duration.toNanos();
    return outage.failed("refused", null).getMessage();
  }

  @Test
  void theErrorSaysWhatIsAwayWhyAndWhatToDo() {
    assertThat(failedAfter(Duration.ZERO)).isEqualTo("the metadata store heddle://here:1 does "
        + "not answer: refused; start it, or check the address and the network (it is tried "
        + "again) (HDL-0044)");
  }

  @Test
  void theErrorSaysSinceWhen() {
    assertThat(failedAfter(Duration.ZERO)).doesNotContain("since");
    assertThat(failedAfter(Duration.ofMillis(150))).contains(", since 150 ms: refused");
    assertThat(failedAfter(Duration.ofMillis(2_200))).contains(", since 2.3 s: refused");
    assertThat(failedAfter(Duration.ofMinutes(2))).contains(", since 122 s: refused");
  }

  @Test
  void anAnswerEndsTheOutage() {
    assertThat(failedAfter(Duration.ZERO)).doesNotContain("since");
    outage.ended();
    assertThat(failedAfter(Duration.ofMinutes(2))).doesNotContain("since");
  }
}
