package dev.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private record Wanted(int workers, ChildOptions options) {}

  /// Benches that want the same cluster share it: to start one takes longer than to measure.
  private static final Map<Wanted, LocalCluster> CLUSTERS = new HashMap<>();

  private final CommandLines heddle = new CommandLines(Map.of());

  @AfterAll
  static void endClusters() {
    CLUSTERS.values().forEach(LocalCluster::close);
    CLUSTERS.clear();
  }

  private static Clusters.Lent lend(int workers, ChildOptions options)
      throws IOException, InterruptedException {
    var wanted = new Wanted(workers, options);
    var cluster = CLUSTERS.get(wanted);
    if (cluster == null) {
      cluster = LocalCluster.processes(workers, options);
      CLUSTERS.put(wanted, cluster);
    }
    return new Clusters.Lent(cluster, () -> {});
  }

  private static CommandLines.Ended runOnShared(String arguments) {
    var line = Main.commandLine(Map.of());
    line.getCommandSpec().removeSubcommand("bench");
    line.addSubcommand("bench", new BenchCommand(BenchCommandTest::lend));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    var out = new StringWriter();
    var err = new StringWriter();
    var status = line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
        .execute(("bench " + arguments).split(" "));
    return new CommandLines.Ended(status, out.toString(), err.toString());
  }

  /// On processes of its own, as small as it can be: what it prints, not how fast it is.
  @ParameterizedTest
  @CsvSource({"noop --tasks 20, tasksPerSecond", "noop --submit single --tasks 20, microsPerTask",
      "latency --tasks 20, p99Micros", "chain --tasks 20, seconds",
      "tree --tasks 20, secondsLowerQuartile", "merge --tasks 20, secondsUpperQuartile",
      "transfer --size 1MiB, ratioToRaw",
      "small-values --tasks 20, rawGigabytesPerSecond",
      "handover --size 1MiB, gigabytesPerSecond", "handover --size 1MiB, ratioToRaw",
      "scatter --size 1MiB, gigabytesPerSecond", "scatter --size 1MiB, rawGigabytesPerSecond",
      "shuffle --size 1MiB, gigabytesPerSecond", "shuffle --size 1MiB, ratioToRaw",
      "scale --tasks 1000, microsPerTaskOn1000Workers"})
  void programsGetJson(String arguments, String figure) {
    assertJson(runOnShared(arguments + " --warm-up 0s --json --repetitions 2"), arguments, figure);
  }

  private static JsonNode assertJson(CommandLines.Ended ended, String arguments, String figure) {
    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    var json = new JsonMapper().readTree(ended.out());
    assertThat(arguments + " ").startsWith(json.get("bench").asString() + " ");
    assertThat(json.get("repetitions").asInt()).isEqualTo(2);
    assertThat(json.get("cpuMicrosPerTask").has("client")).isTrue();
    assertThat(json.get("garbageBytesPerTask").get("client").asDouble()).isPositive();
    assertThat(json.get(figure).asDouble()).isPositive();
    return json;
  }

  /// This one needs it, and many tasks: what else comes and goes in the scheduler is some 300 KB.
  @Test
  void aBenchHasAClusterOfItsOwn() {
    var arguments = "memory --workers 1 --tasks 30000 --warm-up 0s";
    assertJson(heddle.run(("bench " + arguments + " --json --repetitions 2").split(" ")),
        arguments, "bytesPerTask");
  }

  @Test
  void startupIsMeasuredInNewProcesses() {
    var arguments = "startup --workers 1";
    assertJson(heddle.run(("bench " + arguments + " --json --repetitions 2").split(" ")),
        arguments, "localFirstResultSeconds");
  }

  @Test
  void whatDoesNotFitGoesToDiskAndComesBack() {
    var arguments = "spill --workers 1 --size 300MiB";
    var json = assertJson(runOnShared(arguments + " --warm-up 0s --json --repetitions 2"),
        arguments, "writeRatioToRaw");
    assertThat(json.get("spilledBytes").asLong()).isBetween(100L << 20, 300L << 20);
    assertThat(json.get("readRatioToRaw").asDouble()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"double[]", "byte[]", "ByteBuffer", "MemorySegment", "allocated"})
  void aValueMayBeOfAnyKind(String kind) {
    for (var bench : new String[]{"transfer", "handover"}) {
      var arguments = bench + " --size 300001 --kind " + kind;
      var json = assertJson(runOnShared(arguments + " --warm-up 0s --json --repetitions 2"),
          arguments, "gigabytesPerSecond");
      assertThat(json.get("kind").asString()).isEqualTo(kind);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"foo | there is no bench 'foo', but noop, latency",
      "small_valeus | did you mean 'small-values'?", "transfer --workers 1 | 2 or more, not 1",
      "transfer --size 3 | --size 3 is not in 8",
      "transfer --kind bites | there is no kind of value 'bites', but double[], byte[],",
      "handover --kind byte[] --size 2GiB | is not in 8 to 1073741824 bytes",
      "spill --size 64MiB | fits into the memory of 2 workers of 268435456 bytes each",
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
