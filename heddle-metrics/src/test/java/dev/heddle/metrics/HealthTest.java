package dev.heddle.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.web.WebResponse;
import dev.heddle.wire.Message.NodeProcesses;
import dev.heddle.wire.Message.TurnLine;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class HealthTest {
  private final Node node = new Node();
  private long nanos = 5;
  private final Health health = new Health(node, () -> nanos);

  /// A node that is as a test says.
  private static final class Node implements Watched {
    boolean ended;
    long taken = 7;
    List<Check> readiness = List.of(new Check("store", true, "joined"));

    @Override
    public String name() {
      return "anna";
    }

    @Override
    public String role() {
      return "worker";
    }

    @Override
    public NodeProcesses processes() {
      return new NodeProcesses("anna", "worker", 1, 0, List.of(), List.of(),
          List.of(new TurnLine("control bert", "", 0, 0, 99),
              new TurnLine("control anna", "anna/slot-1", 12_000_000, 3, taken)),
          List.of(), 0);
    }

    @Override
    public Map<String, Integer> connections() {
      return Map.of();
    }

    @Override
    public boolean hasEnded() {
      return ended;
    }

    @Override
    public boolean tell(Sheet sheet) {
      return false;
    }

    @Override
    public List<Check> readiness() {
      return readiness;
    }
  }

  private static int status(WebResponse response) {
    return ((WebResponse.Whole) response).status();
  }

  private static String json(WebResponse response) {
    var text = new String(((WebResponse.Whole) response).body(), UTF_8);
    return JsonMapper.shared().readTree(text).toString();
  }

  private void wait(int seconds) {
    nanos += seconds * 1_000_000_000L;
  }

  @Test
  void aNodeWhoseTurnMovesLives() {
    assertThat(status(health.live())).isEqualTo(200);
    wait(1_000);
    node.taken++;
    assertThat(status(health.live())).isEqualTo(200);
    assertThat(json(health.live())).contains("\"status\":\"live\"", "\"node\":\"anna\"");
  }

  @Test
  void aNodeWhoseTurnStandsStillDoesNotLiveAndSaysWhoHasIt() {
    assertThat(status(health.live())).isEqualTo(200);
    wait(9);
    assertThat(status(health.live())).isEqualTo(200);
    wait(1);
    assertThat(status(health.live())).isEqualTo(503);
    assertThat(json(health.live())).contains("not live", "for 10 s; anna/slot-1 has it",
        "3 wait");
    node.taken++;
    assertThat(status(health.live())).isEqualTo(200);
  }

  @Test
  void aNodeThatHasEndedDoesNotLive() {
    node.ended = true;
    assertThat(status(health.live())).isEqualTo(503);
    assertThat(json(health.live())).contains("the node has ended");
  }

  @Test
  void aNodeThatLivesIsReadyWhenAllIsWell() throws Exception {
    assertThat(status(health.ready())).isEqualTo(200);
    assertThat(json(health.ready())).contains("\"status\":\"ready\"");
  }

  @Test
  void aReasonNotToBeReadyIsTold() throws Exception {
    node.readiness = List.of(new Check("store", false, "\"away\"\n\\"));
    assertThat(status(health.ready())).isEqualTo(503);
    assertThat(json(health.ready())).contains("not ready");
    assertThat(status(health.live())).isEqualTo(200);
  }

  @Test
  void whoDoesNotLiveIsNotReady() throws Exception {
    node.ended = true;
    assertThat(status(health.ready())).isEqualTo(503);
  }

  @Test
  void aScrapeOfANodeWhoseTurnIsNotToBeHadSaysSoAndWhoHoldsIt() throws Exception {
    var sheet = new NodeMetrics(node).scrape();
    var text = new ByteArrayOutputStream();
    ExpositionFormats.init()
        .getPrometheusTextFormatWriter().write(text, sheet.snapshots());
    var scrape = Exposition.parse(text.toString(UTF_8), false);

    assertThat(scrape.value("heddle_turn_available")).isZero();
    assertThat(scrape.value("heddle_turn_held_seconds")).isEqualTo(12);
    assertThat(scrape.value("heddle_turn_waiting_threads")).isEqualTo(3);
    assertThat(scrape.sampleNames()).contains("jvm_memory_used_bytes")
        .doesNotContain("heddle_worker_tasks");
  }
}
