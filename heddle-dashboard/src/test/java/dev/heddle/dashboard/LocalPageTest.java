package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.heddle.Heddle;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.process.ProcessInfo;
import dev.heddle.process.Processes;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LocalPageTest {
  private static boolean isServed() {
    return Processes.snapshot().processes().stream().map(ProcessInfo::name)
        .anyMatch("dashboard/collect"::equals);
  }

  @Test
  void aProgramLearnsWhereThePageIsAndCanOpenIt() throws Exception {
    try (var client = Heddle.local(1); var browser = HttpClient.newHttpClient()) {
      var page = client.dashboard().orElseThrow();
      assertThat(page.getHost()).isEqualTo("127.0.0.1");
      assertThat(browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body())
          .contains("<title>Heddle</title>");
    }
  }

  @Test
  void aClusterWithoutAPageSaysSo() throws Exception {
    try (var cluster = LocalCluster.inJvm(1, 1)) {
      assertThat(cluster.client().dashboard()).isEmpty();
    }
  }

  @Test
  void aClusterInThisJvmHasAPageForAsLongAsItLives() throws Exception {
    try (var client = Heddle.local(1)) {
      assertThat(client.submit(() -> 20 + 1).get()).isEqualTo(21);
      await().atMost(Duration.ofSeconds(60)).until(LocalPageTest::isServed);
    }
    assertThat(isServed()).isFalse();
  }
}
