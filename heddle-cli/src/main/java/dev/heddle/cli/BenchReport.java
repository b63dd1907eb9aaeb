package dev.heddle.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// What came of all repetitions of a bench, by the names of `docs/benchmarks.md`.
final class BenchReport {
  /// One repetition.
  record Sample(Bench.Measured measured, ClusterFigures.Used used) {}

  private final Map<String, Object> facts = new LinkedHashMap<>();

  /// @param setting how it was measured
  /// @param samples at least one
  BenchReport(BenchName name, Map<String, Object> setting, List<Sample> samples) {
    facts.put("bench", name.toString());
    facts.put("repetitions", samples.size());
    facts.putAll(setting);
    var seconds = spread(samples, measured -> measured.nanos() / 1e9);
    facts.put("seconds", seconds.median());
    facts.put("secondsLeast", seconds.least());
    facts.put("secondsLowerQuartile", seconds.lowerQuartile());
    facts.put("secondsUpperQuartile", seconds.upperQuartile());
    facts.put("secondsMost", seconds.most());
    facts.put("tasksPerSecond", Math.round(spread(samples,
        measured -> measured.tasks() * 1e9 / measured.nanos()).median()));
    facts.put("microsPerTask",
        spread(samples, measured -> measured.nanos() / 1e3 / measured.tasks()).median());
    for (var figure : new TreeMap<>(samples.getFirst().measured().figures()).keySet()) {
      facts.put(figure,
          spread(samples, measured -> measured.figures().getOrDefault(figure, 0.0)).median());
    }
    facts.put("cpuMicrosPerTask",
        perTask(samples, sample -> sample.used().cpuNanos(), 1e3));
    facts.put("garbageBytesPerTask",
        perTask(samples, sample -> sample.used().allocatedBytes(), 1));
  }

  private static Spread spread(Collection<Sample> samples,
      Function<Bench.Measured, Double> figure) {
    return Spread.of(samples.stream().map(Sample::measured).map(figure).toList());
  }

  /// Of each process, the median.
  private static Map<String, Double> perTask(List<Sample> samples,
      Function<Sample, Map<String, Long>> amounts, double unit) {
    var medians = new LinkedHashMap<String, Double>();
    for (var role : amounts.apply(samples.getFirst()).keySet()) {
      var each = new ArrayList<Double>();
      for (var sample : samples) {
        each.add(amounts.apply(sample).getOrDefault(role, 0L) / unit / sample.measured().tasks());
      }
      medians.put(role, Spread.of(each).median());
    }
    return medians;
  }

  void print(PrintWriter out, boolean json) {
    if (json) {
      Output.json(out, facts);
      return;
    }
    var rows = new ArrayList<List<String>>();
    facts.forEach((name, figure) -> {
      if (figure instanceof Map<?, ?> byProcess) {
        byProcess.forEach((role, each) -> rows.add(List.of(name + ", " + role, text(each))));
      } else {
        rows.add(List.of(name, text(figure)));
      }
    });
    Output.table(out, List.of("figure", "median"), rows);
  }

  private static String text(Object figure) {
    return figure instanceof Double number
        ? String.format(Locale.ROOT, "%.3f", number)
        : figure.toString();
  }
}
