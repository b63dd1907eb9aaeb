package dev.heddle.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final long MILLI = 1_000_000;

  private final Liveness liveness = new Liveness(
      Timeouts.DEFAULT.withLiveness(Duration.ofSeconds(1), Duration.ofSeconds(3)), 0);

  /// The verdict after a wait until `millis` that was meant to last so long.
  private Liveness.Verdict afterWaitUntil(long millis, long since) {
    liveness.waits(millis - since);
    return liveness.at(millis * MILLI);
  }

  @Test
  void aSilentPeerIsAskedEverySecondAndGoneAfterThree() {
    assertThat(afterWaitUntil(999, 0)).isEqualTo(Liveness.Verdict.WELL);
    assertThat(afterWaitUntil(1000, 999)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(afterWaitUntil(1500, 1000)).isEqualTo(Liveness.Verdict.WELL);
    assertThat(afterWaitUntil(2000, 1500)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(afterWaitUntil(2999, 2000)).isEqualTo(Liveness.Verdict.WELL);
    assertThat(afterWaitUntil(3000, 2999)).isEqualTo(Liveness.Verdict.GONE);
  }

  @Test
  void anySignOfLifeBeginsTheSilenceAnew() {
    assertThat(afterWaitUntil(2900, 0)).isEqualTo(Liveness.Verdict.ASK);
    liveness.heard();
    assertThat(afterWaitUntil(2950, 2900)).isEqualTo(Liveness.Verdict.WELL);
    assertThat(afterWaitUntil(3949, 2950)).isEqualTo(Liveness.Verdict.WELL);
    assertThat(afterWaitUntil(3950, 3949)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(afterWaitUntil(5950, 3950)).isEqualTo(Liveness.Verdict.GONE);
  }

  @Test
  void timeThatThisNodeLostIsNotHeldAgainstThePeer() {
    assertThat(afterWaitUntil(900, 0)).isEqualTo(Liveness.Verdict.WELL);
    // It meant to wait 100 ms and was away for 10 s.
    liveness.waits(100);
    assertThat(liveness.at(10_900 * MILLI)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(afterWaitUntil(12_899, 10_900)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(afterWaitUntil(12_900, 12_899)).isEqualTo(Liveness.Verdict.GONE);
  }

  @Test
  void aBusyLinkIsVouchedForUntilItMustBeStuck() {
    var timeouts = Timeouts.DEFAULT.withLiveness(Duration.ofSeconds(1), Duration.ofSeconds(3));
    assertThat(Liveness.isToBeVouchedFor(timeouts, 499 * MILLI)).isFalse();
    assertThat(Liveness.isToBeVouchedFor(timeouts, 500 * MILLI)).isTrue();
    assertThat(Liveness.isToBeVouchedFor(timeouts, 17_999 * MILLI)).isTrue();
    assertThat(Liveness.isToBeVouchedFor(timeouts, 18_000 * MILLI)).isFalse();
  }

  @Test
  void itSaysHowLongNothingNeedsToBeDecided() {
    assertThat(liveness.nextNanos(0)).isEqualTo(1000 * MILLI);
    assertThat(liveness.nextNanos(400 * MILLI)).isEqualTo(600 * MILLI);
    assertThat(afterWaitUntil(1000, 0)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(liveness.nextNanos(1000 * MILLI)).isEqualTo(1000 * MILLI);
    assertThat(afterWaitUntil(2000, 1000)).isEqualTo(Liveness.Verdict.ASK);
    assertThat(liveness.nextNanos(2500 * MILLI)).isEqualTo(500 * MILLI);
  }
}
