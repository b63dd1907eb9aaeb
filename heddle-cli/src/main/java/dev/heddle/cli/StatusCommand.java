package dev.heddle.cli;

import dev.heddle.Terminal;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.WorkerStatus;
import dev.heddle.worker.WorkerNetwork;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Show a scheduler's workers, its tasks by state, and what they hold.")
final class StatusCommand implements Callable<Integer> {
  private static final Duration EVERY = Duration.ofSeconds(1);

  @Spec
  private CommandSpec spec;
  @Option(names = {"-w",
      "--watch"}, descriptionKey = ConfiguredDefaults.OF_ONE_CALL, description = "again every second, until Ctrl-C")
  private boolean watch;
  @Mixin
  private SchedulerOption scheduler;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var signals = watch ? Signals.taken() : null;
    var interactive = Terminal.of(Terminal.Stream.OUT).interactive();
    try (var network = scheduler.open()) {
      do {
        var text = text(status(network));
        out.print(watch && interactive ? "\033[H\033[J" + text : text);
        out.flush();
      } while (signals != null && !signals.await(EVERY.toMillis()));
    }
    return 0;
  }

  private Message.Status status(WorkerNetwork network) throws Exception {
    return scheduler.ask(network, new Message.AskStatus(), Message.Status.class);
  }

  private String text(Message.Status status) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    if (scheduler.json) {
      Output.json(out, facts(status));
    } else {
      table(out, status);
    }
    out.flush();
    return text.toString();
  }

  private static Map<String, Object> facts(Message.Status status) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("scheduler", status.scheduler());
    facts.put("namespace", status.namespace());
    facts.put("startedEpochMillis", status.startedEpochMillis());
    facts.put("clients", status.clients());
    facts.put("tasks", status.tasks());
    facts.put("workers", status.workers().stream().map(worker -> {
      var row = new LinkedHashMap<String, Object>();
      row.put("name", worker.worker().id().name());
      row.put("address", worker.worker().address().toString());
      row.put("host", worker.worker().host());
      row.put("pid", worker.worker().pid());
      row.put("state", worker.state());
      row.put("threads", worker.worker().threads());
      row.put("running", worker.running());
      row.put("assigned", worker.assigned());
      row.put("values", worker.values());
      row.put("storedBytes", worker.storedBytes());
      row.put("memoryBytes", worker.memoryBytes());
      row.put("memoryBytesMax", worker.memoryBytesMax());
      row.put("diskBytes", worker.diskBytes());
      row.put("resources", worker.resources());
      row.put("sinceBeatMillis", worker.sinceBeatMillis());
      return row;
    }).toList());
    return facts;
  }

  private static void table(PrintWriter out, Message.Status status) {
    out.println("scheduler " + status.scheduler() + ", "
        + count(status.workers().size(), "worker") + ", "
        + count(status.clients().size(), "client"));
    out.println("tasks: " + (status.tasks().values().stream().allMatch(n -> n == 0)
        ? "none"
        : status.tasks().entrySet().stream().filter(each -> each.getValue() > 0)
            .map(each -> each.getValue() + " " + each.getKey())
            .collect(Collectors.joining(", "))));
    if (status.workers().isEmpty()) {
      out.println("no workers; start one with: heddle worker ADDRESS");
      return;
    }
    Output.table(out,
        List.of("NAME", "STATE", "THREADS", "RUNNING", "ASSIGNED", "VALUES", "MEMORY", "ON DISK",
            "BEAT"),
        status.workers().stream().map(StatusCommand::row).toList());
  }

  private static List<String> row(WorkerStatus worker) {
    return List.of(worker.worker().id().name(), worker.state(),
        String.valueOf(worker.worker().threads()), String.valueOf(worker.running()),
        String.valueOf(worker.assigned()), String.valueOf(worker.values()),
        bytes(worker.memoryBytes()) + " of " + bytes(worker.memoryBytesMax()),
        bytes(worker.diskBytes()),
        String.format(Locale.ROOT, "%.1f s ago", worker.sinceBeatMillis() / 1000.0));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    var units = List.of("KiB", "MiB", "GiB", "TiB");
    var size = bytes / 1024.0;
    var unit = 0;
    while (size >= 1024 && unit < units.size() - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, units.get(unit));
  }
}
