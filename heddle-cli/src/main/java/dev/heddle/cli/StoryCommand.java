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

@Command(name = "story", mixinStandardHelpOptions = true, description = "Tell through which states a task went, when, and what caused each step.")
final class StoryCommand implements Callable<Integer> {
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
      var lines = scheduler.ask(network, new Message.AskStory(Key.of(key)), Message.Text.class)
          .text().lines().toList();
      if (scheduler.json) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("key", key);
        facts.put("story", lines);
        Output.json(out, facts);
      } else if (lines.isEmpty()) {
        throw new NotThereException("the scheduler remembers nothing of '" + key
            + "'; is the key right, or was it long ago?");
      } else {
        lines.forEach(out::println);
      }
    }
    return 0;
  }
}
