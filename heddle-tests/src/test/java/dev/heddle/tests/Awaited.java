package dev.heddle.tests;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/// For what becomes true a moment later, and tells nobody.
final class Awaited {
  private Awaited() {}

  /// Waits for up to 30 s until `assertion` holds.
  static void that(ThrowingRunnable assertion) {
    Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
  }
}
