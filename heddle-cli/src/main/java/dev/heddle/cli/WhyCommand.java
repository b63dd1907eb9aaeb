package dev.heddle.cli;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "why", mixinStandardHelpOptions = true, description = "Say why a task is not done: what it waits for, where it runs, what it lacks.")
final class WhyCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", description = "the task's key")
  private String key;
  @Mixin
  private SchedulerOption scheduler;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var network = scheduler.open()) {
      var answer = scheduler.ask(network, new Message.Explain(Key.of(key)), Message.Text.class);
      if (!answer.known()) {
        throw new NotThereException(answer.text());
      }
      if (scheduler.json) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("key", key);
        facts.put("explanation", answer.text());
        Output.json(out, facts);
      } else {
        out.println(answer.text());
      }
    }
    return 0;
  }
}
