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

@Command(name = "logs", mixinStandardHelpOptions = true, description = {
    "Tell what a task printed and logged on the workers that ran it: the last 64 KiB of it.",
    "It is what its thread wrote to standard output and standard error, so the console log too. What a"
        + " worker that has died kept is gone."})
final class LogsCommand implements Callable<Integer> {
  private static final Duration WITHIN = Duration.ofSeconds(3);

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "KEY", description = "the task's key")
  private String key;
  @Mixin
  private Nodes nodes;

  /// @param at by the clock of the worker
  /// @param stream `out`, `err`, or `...` for what is gone
  private record Line(Instant at, String node, String stream, String text) {}

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    var lines = new ArrayList<Line>();
    var asked = Key.of(key);
    try (var network = nodes.scheduler.open()) {
      // Whoever asks the wrong address is told so.
      nodes.scheduler.ask(network, new Message.AskStatus(), Message.Status.class);
      var all = nodes.all(network);
      var answers = Nodes.ask(all.subList(1, all.size()), WITHIN, node -> (Message.Text) network
          .connections().to(node.address()).call(new Message.AskOutput(asked), WITHIN));
      answers.answers().forEach((node, text) -> text.text().lines()
          .forEach(line -> lines.add(line(node.name(), line))));
      answers.silent().forEach((node, reason) -> spec.commandLine().getErr()
          .println("heddle: without the worker " + node.name() + ": " + reason));
    }
    lines.sort(Comparator.comparing(Line::at));
    if (lines.isEmpty()) {
      throw new NotThereException("no worker has kept anything that '" + key
          + "' printed; is the key right, did it print at all, and does the worker that ran it"
          + " live?");
    }
    if (nodes.scheduler.json) {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("key", key);
      facts.put("lines", lines.stream().map(line -> {
        var fact = new LinkedHashMap<String, Object>();
        fact.put("at", line.at().toString());
        fact.put("node", line.node());
        fact.put("stream", line.stream());
        fact.put("text", line.text());
        return fact;
      }).toList());
      Output.json(out, facts);
    } else {
      var width = lines.stream().mapToInt(line -> line.node().length()).max().orElse(0);
      lines.forEach(line -> out.println(line.at() + "  " + line.node()
          + " ".repeat(width - line.node().length()) + "  " + line.stream() + "  " + line.text()));
    }
    return 0;
  }

  /// @param line the time, the stream and the text, with two spaces between
  private static Line line(String node, String line) {
    List<String> parts = List.of(line.split("  ", 3));
    return new Line(Instant.parse(parts.get(0)), node, parts.get(1),
        parts.size() > 2 ? parts.get(2) : "");
  }
}
