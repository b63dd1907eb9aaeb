package dev.heddle.cli;

import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(name = "bench", mixinStandardHelpOptions = true, description = {
    "Measure Heddle on this machine: a client here, a scheduler and workers in processes of their"
        + " own.",
    "noop: tasks that do nothing; latency: one task at a time; chain: each task needs the one"
        + " before; tree: a sum over leaves, two by two; merge: one task that needs all others; transfer:"
        + " a large value from worker to worker, beside a bare socket; small-values: many of 1 KiB."})
final class BenchCommand implements Callable<Integer> {
  enum Name {
    NOOP, LATENCY, CHAIN, TREE, MERGE, TRANSFER, SMALL_VALUES;

    boolean movesValues() {
      return this == TRANSFER || this == SMALL_VALUES;
    }

    /// As people write it.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// The names as people write them.
  static final class Names implements ITypeConverter<Name>, Iterable<String> {
    private static final List<String> ALL = Arrays.stream(Name.values()).map(Name::toString)
        .toList();

    @Override
    public Name convert(String text) {
      var wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
      return Arrays.stream(Name.values()).filter(each -> each.toString().equals(wanted)).findFirst()
          .orElseThrow(() -> new TypeConversionException("there is no bench '" + text + "', but "
              + String.join(", ", ALL) + Mistakes.didYouMean(text, ALL)));
    }

    @Override
    public Iterator<String> iterator() {
      return ALL.iterator();
    }
  }

  enum Submit {
    MAP, SINGLE
  }

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "NAME", completionCandidates = Names.class, converter = Names.class, description = "${COMPLETION-CANDIDATES}")
  private Name name;
  @Option(names = "--tasks", paramLabel = "N", description = "how many tasks (default: noop 100000, latency 2000, chain 5000, tree 32768 leaves,"
      + " merge 10000, small-values 10000 values)")
  private int tasks;
  @Option(names = "--size", paramLabel = "SIZE", defaultValue = "64MiB", converter = Amounts.BytesConverter.class, description = "how large the value of transfer is (default: ${DEFAULT-VALUE})")
  private long size;
  @Option(names = "--submit", paramLabel = "HOW", defaultValue = "MAP", description = "how noop submits its tasks: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Submit submit;
  @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "how often it is measured (default: ${DEFAULT-VALUE})")
  private int repetitions;
  @Option(names = "--warm-up", paramLabel = "TIME", defaultValue = "5s", converter = Amounts.DurationConverter.class, description = "for how long it runs before (default: ${DEFAULT-VALUE})")
  private Duration warmUp;
  @Option(names = {"-w",
      "--workers"}, paramLabel = "N", defaultValue = "2", description = "how many worker processes (default: ${DEFAULT-VALUE})")
  private int workers;
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", defaultValue = "1", description = "how many threads each has (default: ${DEFAULT-VALUE})")
  private int threads;
  @Option(names = "--json", description = "print JSON")
  private boolean json;
  private @Nullable Transfers transfers;

  private static final long VALUE_BYTES_MAX = 8L << 30;

  /// One repetition: nanoseconds, and the processor time of each role.
  private record Sample(Benches.Measured measured, Map<String, Long> cpuNanos) {}

  @Override
  public Integer call() throws Exception {
    if (repetitions < 1 || tasks < 0) {
      throw new IllegalArgumentException(
          "there must be at least 1 repetition, and a positive number"
              + " of tasks, not " + repetitions + " and " + tasks);
    }
    if (name.movesValues() && workers < 2) {
      throw new IllegalArgumentException(name + " moves values from one worker to another: it needs"
          + " --workers 2 or more, not " + workers);
    }
    if (size < Double.BYTES || size > VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("--size " + size + " is not in " + Double.BYTES + " to "
          + VALUE_BYTES_MAX + " bytes, as much as one array holds");
    }
    var count = tasks == 0 ? tasksOf(name) : tasks;
    // Without Ctrl-C of ours: the processes end with this one.
    try (var cluster = LocalCluster.processes(workers,
        ChildOptions.DEFAULT.withThreads(threads).withSchedulerToo(true))) {
      var benches = new Benches(cluster.client());
      var names = cluster.workers().stream().map(ChildNode::name).toList();
      transfers = name.movesValues()
          ? new Transfers(cluster.client(), names.get(0), names.get(1))
          : null;
      var until = System.nanoTime() + warmUp.toNanos();
      do {
        once(benches, count);
      } while (System.nanoTime() < until);
      var samples = new ArrayList<Sample>();
      for (var i = 0; i < repetitions; i++) {
        var before = cpu(cluster);
        var measured = once(benches, count);
        var after = cpu(cluster);
        after.replaceAll((role, nanos) -> nanos - before.getOrDefault(role, 0L));
        samples.add(new Sample(measured, after));
      }
      print(count, samples);
    } finally {
      if (transfers != null) {
        transfers.close();
      }
    }
    return 0;
  }

  private static int tasksOf(Name name) {
    return switch (name) {
      case NOOP -> 100_000;
      case LATENCY -> 2_000;
      case CHAIN -> 5_000;
      case TREE -> 1 << 15;
      case MERGE, SMALL_VALUES -> 10_000;
      case TRANSFER -> 1;
    };
  }

  private Benches.Measured once(Benches benches, int count) throws Exception {
    return switch (name) {
      case NOOP -> submit == Submit.MAP ? benches.noopMap(count) : benches.noopSingle(count);
      case LATENCY -> benches.latency(count);
      case CHAIN -> benches.chain(count);
      case TREE -> benches.tree(count);
      case MERGE -> benches.merge(count);
      case TRANSFER -> Objects.requireNonNull(transfers).large(size);
      case SMALL_VALUES -> Objects.requireNonNull(transfers).small(count);
    };
  }

  /// Nanoseconds of processor time by role; workers are added up.
  private static Map<String, Long> cpu(LocalCluster cluster) {
    var nanos = new LinkedHashMap<String, Long>();
    nanos.put("client", cpuOf(ProcessHandle.current().pid()));
    cluster.scheduler().map(ChildNode::pid)
        .ifPresent(pid -> nanos.put("scheduler", cpuOf(pid)));
    nanos.put("workers",
        cluster.workers().stream().mapToLong(worker -> cpuOf(worker.pid())).sum());
    return nanos;
  }

  private static long cpuOf(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos).orElse(0L);
  }

  private static double median(List<Sample> samples, ToDoubleFunction<Benches.Measured> figure) {
    return Benches
        .median(samples.stream().map(Sample::measured).mapToDouble(figure).toArray());
  }

  private void print(int count, List<Sample> samples) {
    var out = spec.commandLine().getOut();
    var facts = new LinkedHashMap<String, Object>();
    facts.put("bench", name.toString());
    facts.put("repetitions", samples.size());
    facts.put("tasks", count);
    facts.put("workers", workers);
    facts.put("threads", threads);
    if (name == Name.NOOP) {
      facts.put("submit", submit.name().toLowerCase(Locale.ROOT));
    }
    var seconds = samples.stream().mapToDouble(sample -> sample.measured().nanos() / 1e9).toArray();
    facts.put("seconds", Benches.median(seconds));
    facts.put("secondsLeast", Benches.least(seconds));
    facts.put("secondsMost", Benches.most(seconds));
    var ran = samples.getFirst().measured().tasks();
    facts.put("tasksPerSecond", Math.round(ran / Benches.median(seconds)));
    facts.put("microsPerTask", Benches.median(seconds) * 1e6 / ran);
    if (name.movesValues()) {
      facts.put("bytes", samples.getFirst().measured().bytes());
      facts.put("gigabytesPerSecond", median(samples, Benches.Measured::gigabytesPerSecond));
      facts.put("rawGigabytesPerSecond", median(samples, Benches.Measured::rawGigabytesPerSecond));
      facts.put("ratioToRaw", median(samples,
          measured -> (double) measured.rawNanos() / measured.nanos()));
    }
    if (name == Name.LATENCY) {
      facts.put("p50Micros", median(samples, measured -> measured.percentileMicros(0.5)));
      facts.put("p99Micros", median(samples, measured -> measured.percentileMicros(0.99)));
    }
    var cpu = new LinkedHashMap<String, Object>();
    for (var role : samples.getFirst().cpuNanos().keySet()) {
      cpu.put(role, Benches.median(samples.stream()
          .mapToDouble(sample -> sample.cpuNanos().getOrDefault(role, 0L) / 1e3 / ran).toArray()));
    }
    facts.put("cpuMicrosPerTask", cpu);
    if (json) {
      Output.json(out, facts);
    } else {
      facts.forEach((what, figure) -> out.println(what + ": "
          + (figure instanceof Double number
              ? String.format(Locale.ROOT, "%.3f", number)
              : figure)));
    }
  }
}
