package dev.heddle.cli;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "story", mixinStandardHelpOptions = true, description = "Tell through which states a task went, on the scheduler and on workers, when, and what caused each step.")
final class StoryCommand implements Callable<Integer> {
  private static final Duration WITHIN = Duration.ofSeconds(3);

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", description = "the task's key")
  private String key;
  @Mixin
  private Nodes nodes;

  /// @param at by the clock of the node
  private record Line(Instant at, String node, String text) {}

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    List<Line> lines;
    try (var network = nodes.scheduler.open()) {
      var question = new Message.AskStory(Key.of(key));
      var told = new ArrayList<Line>();
      // Whoever asks the wrong address is told so.
      lines("scheduler", nodes.scheduler.ask(network, question, Message.Text.class), told);
      var all = nodes.all(network);
      var asked = Nodes.ask(all.subList(1, all.size()), WITHIN,
          node -> (Message.Text) network.connections().to(node.address()).call(question, WITHIN));
      asked.answers().forEach((node, text) -> lines(node.name(), text, told));
      asked.silent().forEach((node, reason) -> spec.commandLine().getErr()
          .println("heddle: without the worker " + node.name() + ": " + reason));
      told.sort(Comparator.comparing(Line::at));
      lines = told;
    }
    if (lines.isEmpty()) {
      throw new NotThereException("nobody remembers anything of '" + key
          + "'; is the key right, or was it long ago?");
    }
    if (nodes.scheduler.json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("key", key);
      facts.put("story", lines.stream().map(line -> {
        var fact = new LinkedHashMap<String, Object>();
        fact.put("at", line.at().toString());
        fact.put("node", line.node());
        fact.put("what", line.text());
        return fact;
      }).toList());
      Output.json(out, facts);
    } else {
      var width = lines.stream().mapToInt(line -> line.node().length()).max().orElse(0);
      lines.forEach(line -> out.println(line.at() + "  " + line.node()
          + " ".repeat(width - line.node().length()) + "  " + line.text()));
    }
    return 0;
  }

  private static void lines(String node, Message.Text answer, List<Line> to) {
    answer.text().lines().forEach(line -> {
      var end = line.indexOf(' ');
      to.add(new Line(Instant.parse(line.substring(0, end)), node,
          line.substring(end).strip()));
    });
  }
}
