package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {
  private final CommandLines heddle = new CommandLines(Map.of());

  /// On processes of its own, as small as it can be: what it prints, not how fast it is.
  @ParameterizedTest
  @CsvSource({"noop, tasksPerSecond", "transfer, ratioToRaw", "small-values, gigabytesPerSecond",
      "latency, p99Micros"})
  void programsGetJson(String name, String figure) {
    var ended = heddle.run("bench", name, "--json", "--tasks", "20", "--size", "1MiB", "--warm-up",
        "0s", "--repetitions", "2");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).startsWith("{").contains("\"bench\" : \"" + name + "\"",
        "\"repetitions\" : 2", "\"cpuMicrosPerTask\" : {").containsPattern(
            "\"" + figure + "\" : [0-9.]+[0-9]");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"foo | there is no bench 'foo', but noop, latency",
      "small_valeus | did you mean 'small-values'?", "transfer --workers 1 | 2 or more, not 1",
      "transfer --size 3 | --size 3 is not in 8", "noop --repetitions 0 | at least 1 repetition"})
  void whatMakesNoSenseIsSaid(String arguments, String words) {
    var ended = heddle.run(("bench " + arguments).split(" "));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains(words);
  }

  @Test
  void aNameMayBeWrittenAsInPrograms() {
    assertThat(new BenchCommand.Names().convert("SMALL_VALUES"))
        .isEqualTo(BenchCommand.Name.SMALL_VALUES);
  }
}
