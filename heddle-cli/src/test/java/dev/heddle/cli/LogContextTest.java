package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Heddle;
import dev.heddle.TaskOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/// What a function logs says which task it is, and where.
@Timeout(60)
class LogContextTest {
  @Test
  void whatAFunctionLogsCarriesItsKeyAndItsWorker() throws Exception {
    try (var client = Heddle.local(1)) {
      var onSlot = client.submit(LogContextTest::context);
      assertThat(onSlot.get()).matches(onSlot.key().text() + " on worker-\\d+");
      var waiting = client.submit(() -> context(), TaskOptions.NONE.blocking());
      assertThat(waiting.get()).matches(waiting.key().text() + " on worker-\\d+");
    }
  }

  static String context() {
    return MDC.get("heddle.key") + " on " + MDC.get("heddle.worker");
  }
}
