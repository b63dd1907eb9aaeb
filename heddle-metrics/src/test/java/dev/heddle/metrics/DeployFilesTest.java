package dev.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The dashboard and the alert rules that are checked in ask for metrics that there are.
@Timeout(60)
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Pattern METRIC = Pattern.compile("\\b(heddle|jvm|process)_[a-z_]+\\b");
  /// What the text before a metric's name shows it to be something else: the value of a label.
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

  @Test
  void everyMetricOfTheDashboardAndTheAlertsIsInALiveScrape() throws Exception {
    try (var cluster = new LiveCluster()) {
      assertThat(cluster.client.submit(() -> 1).get()).isEqualTo(1);
      var there = cluster.sampleNames();
      var queries = new ArrayList<>(dashboardQueries());
      queries.addAll(alertQueries());

      for (var query : queries) {
        assertThat(there).as(query).containsAll(metricsIn(query));
      }
      assertThat(metricsIn(String.join("\n", dashboardQueries()))).hasSizeGreaterThan(25);
    }
  }

  private static Set<String> metricsIn(String query) {
    var found = new HashSet<String>();
    METRIC.matcher(QUOTED.matcher(query).replaceAll("")).results()
        .forEach(each -> found.add(each.group()));
    return found;
  }

  private static List<String> dashboardQueries() throws IOException {
    return dashboard().findValuesAsString("expr");
  }

  private static JsonNode dashboard() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(DEPLOY.resolve("grafana/heddle.json")));
  }

  @Test
  void thePanelsOfTheDashboardDoNotOverlap() throws IOException {
    var taken = new HashSet<List<Integer>>();
    var ids = new HashSet<Integer>();
    for (var panel : dashboard().path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      var at = panel.path("gridPos");
      for (var x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        assertThat(x).isLessThan(24);
        for (var y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(taken.add(List.of(x, y))).as(panel.path("title").asString()).isTrue();
        }
      }
    }
  }

  private static List<String> alertQueries() throws IOException {
    return alerts().stream().map(alert -> alert.path("expr").asString()).toList();
  }

  private static List<JsonNode> alerts() throws IOException {
    var alerts = new ArrayList<JsonNode>();
    yaml("alerts.yml").findValues("rules").forEach(rules -> rules.forEach(alerts::add));
    return alerts;
  }

  private static JsonNode yaml(String name) throws IOException {
    return JsonMapper.shared().valueToTree(
        new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
            .loadFromString(Files.readString(DEPLOY.resolve("prometheus").resolve(name))));
  }

  @Test
  void anAlertSaysHowBadItIsAndWhatToDo() throws IOException {
    assertThat(alerts()).hasSizeGreaterThan(10).allSatisfy(alert -> {
      assertThat(alert.path("alert").asString()).matches("Heddle[A-Za-z]+");
      assertThat(alert.path("labels").path("severity").asString())
          .isIn("critical", "warning", "info");
      assertThat(alert.path("annotations").path("summary").asString()).isNotBlank();
      assertThat(alert.path("annotations").path("description").asString()).isNotBlank();
    });
  }

  @Test
  void theExampleOfAScraperReadsTheRules() throws IOException {
    var file = yaml("prometheus.yml");
    assertThat(file.path("rule_files").path(0).asString()).isEqualTo("alerts.yml");
    assertThat(file.path("scrape_configs").path(0).path("job_name").asString())
        .isEqualTo("heddle");
  }
}
