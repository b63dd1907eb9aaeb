package dev.heddle.cli;

import dev.heddle.ProgressBar;
import dev.heddle.Terminal;
import dev.heddle.simulation.Scenario;
import dev.heddle.simulation.Simulator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "simulate", mixinStandardHelpOptions = true, description = {
    "Run whole clusters on simulated time and a faulty simulated network, a seed each.",
    "A seed that fails does so every time: --from SEED --seeds 1 tells all about it."})
final class SimulateCommand implements Callable<Integer> {
  private static final int NAMED_MAX = 5;

  @Spec
  private CommandSpec spec;
  @Option(names = "--seeds", paramLabel = "N", defaultValue = "10000", description = "how many (default: ${DEFAULT-VALUE})")
  private long seeds;
  @Option(names = "--from", paramLabel = "SEED", defaultValue = "1", description = "the first of them (default: ${DEFAULT-VALUE})")
  private long from;
  @Option(names = "--scenario", paramLabel = "NAME", defaultValue = "cluster", description = "what is simulated: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Scenario scenario;
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", description = "how many seeds at once (default: one a processor)")
  private int threads = Runtime.getRuntime().availableProcessors();
  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() {
    try (var signals = Signals.interrupting(Thread.currentThread())) {
      var result = run();
      print(result);
      if (signals.exitCode() != 0) {
        return signals.exitCode();
      }
      return result.failed() == 0 ? 0 : 1;
    }
  }

  private Simulator.Result run() {
    var wanted = wanted();
    try (var bar = progressBar()) {
      return Simulator.run(wanted, (done, failed, lowest) -> bar.update(done, seeds,
          failed == 0 ? "" : failed + " failed: " + named(lowest)));
    }
  }

  private static String named(List<Long> failed) {
    return failed.stream().limit(NAMED_MAX).map(String::valueOf).collect(Collectors.joining(", "))
        + (failed.size() > NAMED_MAX ? ", …" : "");
  }

  private static ProgressBar progressBar() {
    return new ProgressBar(System.err, Terminal.of(Terminal.Stream.ERR), "simulating");
  }

  private Simulator.Seeds wanted() {
    try {
      return new Simulator.Seeds(scenario, from, seeds, threads);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void print(Simulator.Result result) {
    var out = spec.commandLine().getOut();
    if (json) {
      Output.json(out, facts(result));
    } else {
      result.failures().forEach(failure -> out.println(failure.report()));
      if (result.failed() > result.failures().size()) {
        out.println("and " + (result.failed() - result.failures().size()) + " more failures");
      }
      out.println(result);
    }
    out.flush();
  }

  private Map<String, Object> facts(Simulator.Result result) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("scenario", scenario.name());
    facts.put("from", from);
    facts.put("seeds", result.seeds());
    facts.put("failed", result.failed());
    facts.put("seedsPerSecond", result.seedsPerSecond());
    facts.put("simulatedSeconds", result.simulated().toMillis() / 1_000.0);
    facts.put("seconds", result.took().toMillis() / 1_000.0);
    facts.put("failures", result.failures().stream().map(failure -> {
      var row = new LinkedHashMap<String, Object>();
      row.put("seed", failure.seed());
      row.put("report", List.copyOf(failure.report().lines().toList()));
      return row;
    }).toList());
    return facts;
  }
}
