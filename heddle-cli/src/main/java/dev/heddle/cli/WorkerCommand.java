package dev.heddle.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.heddle.metrics.Metrics;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Key;
import dev.heddle.worker.MemoryOptions;
import dev.heddle.worker.StandardStreams;
import dev.heddle.worker.Worker;
import dev.heddle.worker.WorkerOptions;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "worker", mixinStandardHelpOptions = true, description = {
    "Run a worker: it stores values, computes on them, and shares them.",
    "Ctrl-C or SIGTERM: it takes no more work, finishes what runs, gives values that nobody"
        + " else has to other workers, and ends. Once more: it ends at once."})
final class WorkerCommand implements Callable<Integer> {
  private static final int KEYS_NAMED = 5;
  /// How much of the grace period, at most, is for functions that were interrupted.
  private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "ADDRESS", arity = "0..1", descriptionKey = "metadata", defaultValue = "heddle://localhost:8786", description = "the scheduler, or the metadata store: heddle://host:port, or redis://[user:password@]host:port/db"
      + " (default: ${DEFAULT-VALUE})")
  private String metadata;
  @Option(names = "--name", paramLabel = "NAME", description = "how it is known (default: worker-HOST-PID)")
  private Optional<String> name = Optional.empty();
  @Option(names = {"-p",
      "--port"}, paramLabel = "PORT", defaultValue = "0", description = "the port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE})")
  private int port;
  @Option(names = "--advertise", paramLabel = "HOST[:PORT]", description = "the host under which others reach it, where that is not --host; with a port, where that is another too")
  private Optional<String> advertise = Optional.empty();
  @Option(names = {"-t",
      "--threads"}, paramLabel = "N", description = "how many functions run at once (default: the cores)")
  private Optional<Integer> threads = Optional.empty();
  @Option(names = "--nice", paramLabel = "N", defaultValue = "10", description = "by how much functions that run for long give way to what else runs on this host, the worker itself first; 0 to 19, on Linux (default: ${DEFAULT-VALUE})")
  private int nice;
  @Option(names = "--resource", paramLabel = "NAME=AMOUNT", split = ",", description = "what tasks can ask for with TaskOptions.resources: GPU=1,FPGA=2; may be given several times")
  private Map<String, Integer> resources = Map.of();
  @Option(names = "--value-limit", paramLabel = "BYTES", converter = Amounts.BytesConverter.class, description = "the largest value that it takes: 64MiB (default: a quarter of the heap)")
  private Optional<Long> valueLimit = Optional.empty();
  @Option(names = "--memory-limit", paramLabel = "BYTES", converter = Amounts.BytesConverter.class, description = "how much memory its values may take: above 60 %% of it, those not used for longest go to disk, above 80 %% it takes no work (default: 70 %% of the heap)")
  private Optional<Long> memoryLimit = Optional.empty();
  @Option(names = "--spill-directory", paramLabel = "DIR", description = "where values go that do not fit into memory, or none (default: heddle-spill-USER in /var/tmp)")
  private Optional<String> spillDirectory = Optional.empty();
  @Option(names = "--spill-limit", paramLabel = "BYTES", converter = Amounts.BytesConverter.class, description = "how much they may take there (default: all but 256 MiB of what is free)")
  private Optional<Long> spillLimit = Optional.empty();
  @Option(names = "--shared-memory", paramLabel = "BYTES", converter = Amounts.BytesOrNoneConverter.class, description = "how much memory to share with workers of this host, to hand values over: 2GiB, or none (default: a quarter of what /dev/shm has free)")
  private Optional<Long> sharedMemory = Optional.empty();
  @Option(names = "--lease", paramLabel = "TIME", defaultValue = "6s", converter = Amounts.DurationConverter.class, description = "how long its entries stay when nothing is heard of it (default: ${DEFAULT-VALUE})")
  private Duration lease;
  @Option(names = "--grace", paramLabel = "TIME", defaultValue = "30s", converter = Amounts.DurationConverter.class, description = "how long it may take to end well (default: ${DEFAULT-VALUE})")
  private Duration grace;
  @Mixin
  private ListenOptions listen;
  @Mixin
  private MetricsOptions metrics;
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    StandardStreams.keep();
    TaskLogAppender.attach();
    var signals = Signals.taken();
    var out = spec.commandLine().getOut();
    var secret = cluster.secret();
    var options = options(secret);
    try (var store = Cluster.store(options.name(), metadata, secret);
        var worker = Worker.start(options, store);
        var serving = metrics.serve(Metrics.of(worker), options.name(), listen, secret)) {
      out.println("worker " + options.name() + " at " + worker.address() + ", "
          + options.threads() + (options.threads() == 1 ? " thread" : " threads"));
      serving.tell(out);
      out.flush();
      signals.beforeHalt(() -> removeFiles(worker));
      // Until a signal comes, or the worker ends by itself.
      while (!signals.await(200)) {
        var ended = worker.awaitEnding(Duration.ZERO);
        if (ended.isPresent()) {
          return report(ended.get(), 0);
        }
      }
      return report(drain(worker, signals), signals.exitCode());
    }
  }

  private WorkerOptions options(dev.heddle.wire.Secret secret) {
    var options = WorkerOptions
        .of(name.orElseGet(WorkerOptions::nameOfThisProcess), secret)
        .withListen(listen.address(port)).withLease(lease).withNice(nice);
    if (threads.isPresent()) {
      options = options.withThreads(threads.get());
    }
    if (advertise.isPresent()) {
      options = options.withAdvertisedHost(advertise.get());
    }
    options = options.withResources(resources).withMemory(memory());
    return valueLimit.isPresent() ? options.withValueBytesMax(valueLimit.get()) : options;
  }

  private MemoryOptions memory() {
    var memory = MemoryOptions.ofThisProcess();
    if (memoryLimit.isPresent()) {
      memory = memory.withBytesMax(memoryLimit.get());
      var heap = Runtime.getRuntime().maxMemory();
      if (memoryLimit.get() > heap) {
        spec.commandLine().getErr().println("heddle: --memory-limit is " + memoryLimit.get()
            + " bytes, and the largest heap " + heap + " (-Xmx in HEDDLE_JAVA_OPTS); values that"
            + " are objects will not all fit");
      }
    }
    if (spillDirectory.isPresent()) {
      memory = memory.withSpillDirectory(spillDirectory.get().equals("none")
          ? Optional.empty()
          : Optional.of(directory(spillDirectory.get())));
    }
    if (sharedMemory.isPresent()) {
      memory = memory.withSharedBytesMax(sharedMemory.get());
    }
    return spillLimit.isPresent() ? memory.withSpillBytesMax(spillLimit.get()) : memory;
  }

  private Path directory(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ParameterException(spec.commandLine(),
          "Invalid value for option '--spill-directory': " + e.getMessage());
    }
  }

  /// Before this process is ended at once. What still runs finds its files gone, which is no news.
  private static void removeFiles(Worker worker) {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    worker.removeFiles();
  }

  /// What still runs shortly before the end of the grace period is interrupted; at its end this JVM ends, whatever
  /// goes on in it.
  private Worker.Ending drain(Worker worker, Signals signals) throws InterruptedException {
    var err = spec.commandLine().getErr();
    var deadline = System.nanoTime() + grace.toNanos();
    var toStop = grace.dividedBy(4);
    worker.drain(grace.minus(toStop.compareTo(STOP_WITHIN) < 0 ? toStop : STOP_WITHIN));
    signals.haltAfter(grace);
    var countdown = new Countdown(err);
    while (true) {
      var ended = worker.awaitEnding(Duration.ofMillis(200));
      if (ended.isPresent()) {
        countdown.end();
        return ended.get();
      }
      countdown.say("ending within " + Math.max(0, (deadline - System.nanoTime()) / 1_000_000_000)
          + " s: " + worker.whatIsLeft() + "; once more to end at once");
    }
  }

  /// @param cutShortCode the exit code if functions were cut short
  private int report(Worker.Ending ending, int cutShortCode) {
    PrintWriter err = spec.commandLine().getErr();
    if (ending.handedOver() > 0) {
      err.println("gave " + count(ending.handedOver(), "value") + " to other workers");
    }
    if (!ending.lost().isEmpty()) {
      err.println("lost " + count(ending.lost().size(), "value") + " that nobody else has: "
          + some(ending.lost()));
    }
    if (!ending.cutShort().isEmpty()) {
      err.println("cut short " + count(ending.cutShort().size(), "function") + ": "
          + some(ending.cutShort()));
    }
    ending.defect().ifPresent(defect -> err.println("heddle: " + ErrorCode.DEFECT
        .of("the worker ended by a defect of its own; please report it: " + defect)));
    err.flush();
    if (ending.defect().isPresent()) {
      return Failures.FAILED;
    }
    return ending.cutShort().isEmpty() ? 0 : cutShortCode;
  }

  private static String some(List<Key> keys) {
    return keys.stream().limit(KEYS_NAMED).map(Key::text).collect(Collectors.joining(", "))
        + (keys.size() > KEYS_NAMED ? ", …" : "");
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
