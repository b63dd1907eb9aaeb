package dev.heddle.tests;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/// For what becomes true a moment later, and tells nobody.
final class Awaited {
  private Awaited() {}

  /// Waits for up to 10 s until `assertion` holds.
  static void that(ThrowingRunnable assertion) {
    within(Duration.ofSeconds(10), assertion);
  }

  static void within(Duration timeout, ThrowingRunnable assertion) {
    Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10)).atMost(timeout)
        .untilAsserted(assertion);
  }
}
