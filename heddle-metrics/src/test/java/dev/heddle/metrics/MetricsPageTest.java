package dev.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the table of `docs/metrics.md` to the code.
class MetricsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");

  @Test
  void thePageHasEachMetricAsItIs() throws IOException {
    var rows = Files.readAllLines(PAGE).stream()
        .filter(line -> line.matches("\\| `(heddle|jvm|process)_.*")).toList();

    assertThat(rows).containsExactlyElementsOf(
        Measure.ALL.stream().map(MetricsPageTest::row).toList());
  }

  private static String row(Measure measure) {
    var labels = measure.labels().stream().map(label -> "`" + label + "`")
        .collect(Collectors.joining(", "));
    return "| `" + measure.sampleName() + "` | " + measure.node().text() + " | "
        + measure.type().text() + " | " + measure.unit() + " | " + labels + " | "
        + measure.meaning() + " |";
  }

  @Test
  void allMeasuresAreListedOnce() throws IllegalAccessException {
    var declared = new HashSet<>();
    for (var field : Measure.class.getDeclaredFields()) {
      if (field.getType() == Measure.class) {
        declared.add(field.get(null));
      }
    }
    assertThat(Measure.ALL).doesNotHaveDuplicates().hasSameElementsAs(declared.stream()
        .map(Measure.class::cast).toList());
    assertThat(Measure.ALL.stream().map(Measure::family)).doesNotHaveDuplicates();
  }

  @Test
  void namesAreByTheConventionsOfPrometheus() {
    for (var measure : Measure.ALL) {
      assertThat(measure.family()).matches("(heddle|jvm|process)(_[a-z]+)+")
          .doesNotEndWith("_total").doesNotContain("millis", "_ms", "_kb");
      assertThat(measure.labels()).allMatch(label -> label.matches("[a-z]+"))
          .doesNotContain("key", "le");
      assertThat(Arrays.asList("counter", "histogram", "gauge", "summary", "info"))
          .contains(measure.type().text());
    }
  }
}
