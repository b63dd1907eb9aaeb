package dev.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TaskOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BroadcastTest {
  private static final int WORKERS = 6;
  private static final int LENGTH = 4 << 20;

  @Test
  void aBroadcastValueIsOnEveryWorker() throws Exception {
    try (var cluster = LocalCluster.inJvm(WORKERS, 1); var client = cluster.connect()) {
      var value = new long[LENGTH];
      value[LENGTH - 1] = 7;
      var everywhere = client.scatter(value, true);
      assertThat(client.whoHas(everywhere)).hasSize(WORKERS);
      for (var worker : client.workers()) {
        assertThat(client.submit(array -> array[LENGTH - 1], everywhere,
            TaskOptions.NONE.workers(worker.name())).get()).isEqualTo(7);
      }
      assertThat(everywhere.get()).isEqualTo(value);
    }
  }
}
