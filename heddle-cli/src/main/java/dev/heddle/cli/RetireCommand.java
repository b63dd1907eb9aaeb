package dev.heddle.cli;

import dev.heddle.wire.Message;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "retire", mixinStandardHelpOptions = true, description = {
    "Let a worker leave: it takes no more work, finishes what runs, gives its values to other"
        + " workers, and ends."})
final class RetireCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "WORKER", description = "the worker's name")
  private String worker;
  @Option(names = "--within", paramLabel = "TIME", defaultValue = "5m", converter = Amounts.DurationConverter.class, description = "how long to wait until it has left (default: ${DEFAULT-VALUE})")
  private Duration within;
  @Mixin
  private SchedulerOption scheduler;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var network = scheduler.open()) {
      scheduler.ask(network, new Message.Retire(worker), Message.Done.class, within);
      if (scheduler.json) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("worker", worker);
        facts.put("left", true);
        Output.json(out, facts);
      } else {
        out.println(worker + " has left");
      }
    }
    return 0;
  }
}
