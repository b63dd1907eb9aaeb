package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private final CommandLines heddle = new CommandLines(Map.of());

  /// On processes of its own, as small as it can be: what it prints, not how fast it is.
  @ParameterizedTest
  @CsvSource({"noop --tasks 20 --warm-up 0s, tasksPerSecond",
      "noop --submit single --tasks 20 --warm-up 0s, microsPerTask",
      "latency --tasks 20 --warm-up 0s, p99Micros", "chain --tasks 20 --warm-up 0s, seconds",
      "tree --tasks 20 --warm-up 0s, secondsLowerQuartile",
      "merge --tasks 20 --warm-up 0s, secondsUpperQuartile",
      "transfer --size 1MiB --warm-up 0s, ratioToRaw",
      "small-values --tasks 20 --warm-up 0s, rawGigabytesPerSecond",
      "handover --size 1MiB --warm-up 0s, gigabytesPerSecond",
      "scatter --size 1MiB --warm-up 0s, gigabytesPerSecond",
      "shuffle --size 1MiB --warm-up 0s, gigabytesPerSecond",
      "memory --tasks 2000 --warm-up 0s, bytesPerTask",
      "scale --tasks 1000 --warm-up 0s, microsPerTaskOn1000Workers",
      "startup --workers 1, localFirstResultSeconds"})
  void programsGetJson(String arguments, String figure) {
    var ended = heddle.run(("bench " + arguments + " --json --repetitions 2").split(" "));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    var json = new JsonMapper().readTree(ended.out());
    assertThat(arguments + " ").startsWith(json.get("bench").asString() + " ");
    assertThat(json.get("repetitions").asInt()).isEqualTo(2);
    assertThat(json.get("cpuMicrosPerTask").has("client")).isTrue();
    assertThat(json.get("garbageBytesPerTask").get("client").asDouble()).isPositive();
    assertThat(json.get(figure).asDouble()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"foo | there is no bench 'foo', but noop, latency",
      "small_valeus | did you mean 'small-values'?", "transfer --workers 1 | 2 or more, not 1",
      "transfer --size 3 | --size 3 is not in 8",
      "noop --size 3 | --size means nothing to the bench noop, which takes --json,",
      "noop --repetitions 0 | at least 1 repetition"})
  void whatMakesNoSenseIsSaid(String arguments, String words) {
    var ended = heddle.run(("bench " + arguments).split(" "));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains(words);
  }

  @Test
  void aNameMayBeWrittenAsInPrograms() {
    assertThat(new BenchName.Names().convert("SMALL_VALUES"))
        .isEqualTo(BenchName.SMALL_VALUES);
  }
}
