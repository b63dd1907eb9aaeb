package dev.heddle.cli;

import dev.heddle.ProgressBar;
import dev.heddle.Terminal;
import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.ClusterOptions;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.examples.Census;
import dev.heddle.examples.CensusJob;
import dev.heddle.examples.ClassSource;
import dev.heddle.examples.ConsoleReport;
import dev.heddle.examples.Counts;
import dev.heddle.examples.MethodName;
import dev.heddle.examples.Report;
import dev.heddle.examples.Run;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "demo", mixinStandardHelpOptions = true, description = {
    "Take a census of Java code on worker processes: which methods are called, which"
        + " classes are used, in every class of the running JDK or of the given paths."})
final class DemoCommand implements Callable<Integer> {
  private static final int TOP = 20;

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "PATH", arity = "0..*", description = "jars or directories of classes (default: the running JDK)")
  private List<Path> paths = List.of();
  @Option(names = {"-w",
      "--workers"}, paramLabel = "N", defaultValue = "2", description = "how many worker processes (default: ${DEFAULT-VALUE})")
  private int workers;
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", defaultValue = "1", description = "how many threads each has (default: ${DEFAULT-VALUE})")
  private int threads;
  @Option(names = "--report", paramLabel = "FILE", defaultValue = "heddle-demo.html", description = "where to leave the page about the run (default: ${DEFAULT-VALUE})")
  private Path report;
  @Option(names = "--compare", descriptionKey = ConfiguredDefaults.OF_ONE_CALL, negatable = true, defaultValue = "true", fallbackValue = "true", description = "whether to count all again on one thread, to compare")
  private boolean compare;
  @Mixin
  private DashboardOption dashboard;
  @Option(names = "--json", description = "print JSON")
  private boolean json;
  private Optional<Secret> secret = Optional.empty();

  @Override
  public Integer call() throws Exception {
    if (workers < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 worker with 1 thread, not " + workers + " with " + threads);
    }
    try (var signals = Signals.interrupting(Thread.currentThread())) {
      try {
        return demo();
      } catch (Exception e) {
        // A terminal sends Ctrl-C to the workers too; their deaths are no news then.
        if (signals.exitCode() != 0) {
          spec.commandLine().getErr().println("heddle: the demo was stopped");
          return signals.exitCode();
        }
        throw e;
      }
    }
  }

  private int demo() throws IOException, InterruptedException {
    Report.check(report);
    secret = secret();
    var listing = paths.isEmpty() ? ClassSource.jdk() : ClassSource.of(paths);
    Run run;
    try (var bar = progressBar("census of " + listing.title())) {
      run = CensusJob.run(listing, options(), progressOn(bar));
    }
    if (compare) {
      run = withOneThread(run, listing);
    }
    print(run);
    Report.write(run, report);
    if (!json) {
      spec.commandLine().getOut().println("the page: " + report.toAbsolutePath());
    }
    return 0;
  }

  /// For seconds of work the quick compiler is the better one, for workers as for this JVM.
  private ClusterOptions options() {
    var options = ClusterOptions.DEFAULT.withWorkers(workers).withThreads(threads)
        .withChildren(ChildOptions.DEFAULT.withJavaOptions(List.of("-XX:TieredStopAtLevel=1")));
    return secret.map(options::withSecret).orElse(options);
  }

  /// The one that other commands take, so that they can look at the demo; a machine that keeps none has a demo all
  /// the same.
  private Optional<Secret> secret() throws IOException {
    try {
      return Optional.of(Secret.user());
    } catch (IOException e) {
      if (!System.getenv().getOrDefault(Secret.FILE_VARIABLE, "").isBlank()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private CensusJob.Progress progressOn(ProgressBar bar) {
    return new CensusJob.Progress() {
      @Override
      public Runnable started(LocalCluster cluster) throws IOException {
        secret.ifPresent(_ -> bar.say("scheduler at " + cluster.address()
            + " while it runs; try: heddle ps --address " + cluster.address()));
        return dashboard
            .serve(cluster.address(), cluster.secret(), line -> bar.say(line + " while it runs"))
            .map(page -> (Runnable) page::close).orElse(() -> {});
      }

      @Override
      public void at(int done, int all, String what) {
        bar.update(done, all, what);
      }

      @Override
      public void said(String what) {
        bar.say(what);
      }
    };
  }

  private static ProgressBar progressBar(String title) {
    return new ProgressBar(System.err, Terminal.of(Terminal.Stream.ERR), title);
  }

  private static Run withOneThread(Run run, ClassSource.Listing listing) {
    try (var bar = progressBar("the same on one thread")) {
      var units = listing.units().size();
      var done = new AtomicInteger();
      var started = System.nanoTime();
      Census.sequential(listing.units(), _ -> {
        bar.update(done.incrementAndGet(), units, "");
        if (Thread.interrupted()) {
          throw new CancellationException("stopped while counting on one thread");
        }
      });
      return run.withOneThread(Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private void print(Run run) {
    var out = spec.commandLine().getOut();
    if (json) {
      Output.json(out, facts(run));
    } else {
      var terminal = Terminal.of(Terminal.Stream.OUT);
      out.print(ConsoleReport.of(run, terminal.columns(), terminal.color()));
    }
    out.flush();
  }

  private Map<String, @Nullable Object> facts(Run run) {
    var census = run.census();
    var facts = new LinkedHashMap<String, @Nullable Object>();
    facts.put("classes", census.classes());
    facts.put("classBytes", census.sizeBytes());
    facts.put("invocations", census.invocations());
    facts.put("dynamicInvocations", census.dynamicInvocations());
    facts.put("topMethods", top(census.methods(), "method"));
    facts.put("topClasses", top(census.usedClasses(), "class"));
    facts.put("title", run.title());
    facts.put("workers", workers);
    facts.put("threads", threads);
    facts.put("tasks", run.tasks().size());
    facts.put("bytesBetweenWorkers", run.bytesBetweenWorkers());
    facts.put("seconds", run.seconds());
    facts.put("classesPerSecond", run.classesPerSecond());
    facts.put("oneThreadSeconds", run.oneThread() == null
        ? null
        : run.oneThread().toNanos() / 1e9);
    facts.put("speedup", run.speedup().orElse(null));
    facts.put("skipped", run.allSkips().counts());
    facts.put("incidents", run.incidents());
    facts.put("workerShares", run.workers());
    facts.put("report", report.toAbsolutePath().toString());
    return facts;
  }

  private static List<? extends Map<String, Object>> top(Counts counts, String what) {
    return counts.top(TOP).stream().map(count -> {
      var row = new LinkedHashMap<String, Object>();
      row.put(what, what.equals("method")
          ? MethodName.parse(count.name()).readable()
          : count.name());
      row.put("count", count.count());
      return row;
    }).toList();
  }
}
