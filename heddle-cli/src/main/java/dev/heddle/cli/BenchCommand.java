package dev.heddle.cli;

import dev.heddle.ProgressBar;
import dev.heddle.Terminal;
import dev.heddle.cluster.ChildNode;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.worker.MemoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "bench", mixinStandardHelpOptions = true, description = {
    "Measure Heddle on this machine: a client here, a scheduler and workers in processes of their"
        + " own.",
    "noop: tasks that do nothing; latency: one task at a time; chain: each task needs the one"
        + " before; tree: a sum over leaves, two by two; merge: one task that needs all others; transfer:"
        + " a large value from worker to worker, beside a bare socket; small-values: many of 1 KiB;"
        + " handover: a large buffer that changes hands; scatter: a value to every worker; shuffle: a"
        + " block from each worker to each; spill: more values than there is memory, to disk and back;"
        + " memory: what the scheduler keeps for a task; startup: until the first result, in a new"
        + " JVM; scale: the scheduler's core alone, as workers and tasks grow."})
final class BenchCommand implements Callable<Integer> {
  enum Submit {
    MAP, SINGLE
  }

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "NAME", completionCandidates = BenchName.Names.class, converter = BenchName.Names.class, description = "${COMPLETION-CANDIDATES}")
  private BenchName name;
  @Option(names = "--tasks", paramLabel = "N", description = "how many tasks (default: noop 100000, latency 2000, chain 5000, tree 32768 leaves,"
      + " merge 10000, small-values 10000 values, memory 200000, scale 100000)")
  private int tasks;
  @Option(names = "--size", paramLabel = "SIZE", converter = Amounts.BytesConverter.class, description = "how large the value of transfer, handover and scatter is, all blocks of shuffle, or all values of"
      + " spill together (default: 64MiB, spill 1GiB)")
  private long size;
  @Option(names = "--kind", paramLabel = "KIND", completionCandidates = ValueKind.Names.class, converter = ValueKind.Names.class, description = "what the value of transfer and handover is: ${COMPLETION-CANDIDATES}, the last of which is a"
      + " MemorySegment from Heddle.allocate (default: transfer double[], handover ByteBuffer)")
  private @Nullable ValueKind kind;
  @Option(names = "--submit", paramLabel = "HOW", defaultValue = "MAP", description = "how noop and memory submit their tasks: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Submit submit;
  @Option(names = "--repetitions", paramLabel = "N", defaultValue = "5", description = "how often it is measured (default: ${DEFAULT-VALUE})")
  private int repetitions;
  @Option(names = "--warm-up", paramLabel = "TIME", defaultValue = "10s", converter = Amounts.DurationConverter.class, description = "for how long it runs before (default: ${DEFAULT-VALUE})")
  private Duration warmUp;
  @Option(names = {"-w",
      "--workers"}, paramLabel = "N", defaultValue = "2", description = "how many worker processes (default: ${DEFAULT-VALUE})")
  private int workers;
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", defaultValue = "1", description = "how many threads each has (default: ${DEFAULT-VALUE})")
  private int threads;
  @Option(names = "--json", description = "print JSON")
  private boolean json;

  private static final long BYTES_MAX = 1L << 30;
  /// The heap of a worker that spills, so that little is much.
  private static final long SPILLING_HEAP_BYTES = 256L << 20;

  private final Clusters clusters;

  BenchCommand() {
    this(Clusters.NEW);
  }

  BenchCommand(Clusters clusters) {
    this.clusters = clusters;
  }

  @Override
  public Integer call() throws Exception {
    checkOptions();
    var samples = name.needsCluster() ? onCluster() : alone();
    new BenchReport(name, setting(), samples).print(spec.commandLine().getOut(), json);
    return 0;
  }

  private void checkOptions() {
    for (var option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!name.has(option.longestName())) {
        throw new IllegalArgumentException(option.longestName() + " means nothing to the bench "
            + name + ", which takes " + String.join(", ", spec.options().stream()
                .map(OptionSpec::longestName).filter(name::has).sorted().toList()));
      }
    }
    if (repetitions < 1 || tasks < 0) {
      throw new IllegalArgumentException(
          "there must be at least 1 repetition, and a positive number"
              + " of tasks, not " + repetitions + " and " + tasks);
    }
    if (workers < name.workersLeast()) {
      throw new IllegalArgumentException(name + " moves values from one worker to another: it needs"
          + " --workers " + name.workersLeast() + " or more, not " + workers);
    }
    if (name.has("--size")) {
      checkSize();
    }
  }

  private void checkSize() {
    if (name == BenchName.SPILL) {
      var memory = workers * SPILLING_HEAP_BYTES;
      if (bytes() <= memory) {
        throw new IllegalArgumentException("--size " + bytes() + " fits into the memory of "
            + workers + " workers of " + SPILLING_HEAP_BYTES + " bytes each: spill needs more than "
            + memory);
      }
      return;
    }
    var most = name.has("--kind") ? kind().bytesMax() : BYTES_MAX;
    if (bytes() < Double.BYTES || bytes() > most) {
      throw new IllegalArgumentException("--size " + bytes() + " is not in " + Double.BYTES + " to "
          + most + " bytes, as much as one value of " + name + " holds");
    }
  }

  private long bytes() {
    return size == 0 ? name.size() : size;
  }

  private ValueKind kind() {
    return kind == null ? name.kind() : kind;
  }

  private int count() {
    return tasks == 0 ? name.tasks() : tasks;
  }

  private Map<String, Object> setting() {
    var setting = new LinkedHashMap<String, Object>();
    if (name.has("--tasks")) {
      setting.put("tasks", count());
    }
    if (name.has("--workers")) {
      setting.put("workers", workers);
    }
    if (name.has("--threads")) {
      setting.put("threads", threads);
    }
    if (name.has("--submit")) {
      setting.put("submit", submit.name().toLowerCase(Locale.ROOT));
    }
    if (name.has("--kind")) {
      setting.put("kind", kind().toString());
    }
    return setting;
  }

  private List<BenchReport.Sample> alone() throws Exception {
    try (var bench = name == BenchName.STARTUP ? new Startups(workers) : new Scales(count());
        var here = NodeFigures.ofThisProcess()) {
      if (name.has("--warm-up")) {
        warmUp(bench);
      }
      return samples(bench, () -> ClusterFigures.used("client", here));
    }
  }

  // Without Ctrl-C of ours: the processes end with this one.
  private List<BenchReport.Sample> onCluster() throws Exception {
    var options = ChildOptions.DEFAULT.withThreads(threads).withSchedulerToo(true)
        .withHeapBytesMax(name == BenchName.SPILL ? SPILLING_HEAP_BYTES : 0);
    try (var lent = clusters.lend(workers, options);
        var figures = ClusterFigures.of(lent.cluster());
        var raw = new RawStream();
        var disk = new RawDisk(directory(), workers)) {
      var bench = bench(lent.cluster(), figures, raw, disk);
      warmUp(bench);
      return samples(bench, figures::used);
    }
  }

  /// Where the workers spill to.
  private static Path directory() {
    return MemoryOptions.ofThisProcess().spillDirectory().orElseThrow();
  }

  private void warmUp(Bench bench) throws Exception {
    var started = System.nanoTime();
    var until = started + warmUp.toNanos();
    try (var bar = progressBar("warming up")) {
      do {
        bench.once();
        var passed = Math.min(System.nanoTime() - started, warmUp.toNanos());
        bar.update(passed / 1_000_000_000, warmUp.toSeconds(), "seconds");
      } while (System.nanoTime() < until);
    }
  }

  private List<BenchReport.Sample> samples(Bench bench, Supplier<ClusterFigures.Used> used)
      throws Exception {
    var samples = new ArrayList<BenchReport.Sample>();
    try (var bar = progressBar(name.toString())) {
      for (var i = 0; i < repetitions; i++) {
        var before = used.get();
        var measured = bench.once();
        samples.add(new BenchReport.Sample(measured, used.get().minus(before)));
        bar.update(i + 1L, repetitions, "");
      }
    }
    return samples;
  }

  private static ProgressBar progressBar(String title) {
    return new ProgressBar(System.err, Terminal.of(Terminal.Stream.ERR), title);
  }

  private Bench bench(LocalCluster cluster, ClusterFigures figures, RawStream raw, RawDisk disk)
      throws IOException, InterruptedException {
    var client = cluster.client();
    var names = cluster.workers().stream().map(ChildNode::name).toList();
    var small = new TaskBenches(client);
    var transfers = new Transfers(client, names.getFirst(), names.getLast(), raw);
    var spreading = new Spreading(client, names, raw);
    var count = count();
    var single = submit == Submit.SINGLE;
    return switch (name) {
      case NOOP -> () -> single ? small.noopSingle(count) : small.noopMap(count);
      case LATENCY -> () -> small.latency(count);
      case CHAIN -> () -> small.chain(count);
      case TREE -> () -> small.tree(count);
      case MERGE -> () -> small.merge(count);
      case MEMORY -> new HeldTasks(client, figures, count, single);
      case TRANSFER -> () -> transfers.large(kind(), bytes());
      case SMALL_VALUES -> () -> transfers.small(count);
      case HANDOVER ->
        new Handovers(client, names.getFirst(), names.getLast(), kind(), bytes(), raw);
      case SCATTER -> () -> spreading.scatter(bytes());
      case SHUFFLE -> () -> spreading.shuffle(bytes());
      case SPILL -> new Spills(client, bytes(), disk);
      case STARTUP, SCALE -> throw new IllegalStateException(name + " needs no cluster");
    };
  }
}
