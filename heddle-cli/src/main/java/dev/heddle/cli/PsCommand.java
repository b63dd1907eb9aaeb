package dev.heddle.cli;

import dev.heddle.wire.Message;
import dev.heddle.wire.Message.NodeProcesses;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "ps", mixinStandardHelpOptions = true, description = "Show the processes and channels of every node: what each does and since when, what it waits for, how full the channels are, messages a second. Also of a node that is overloaded or stuck.")
final class PsCommand implements Callable<Integer> {
  static final Duration WITHIN = Duration.ofSeconds(3);
  /// Between two looks, which give the rates.
  private static final Duration BETWEEN = Duration.ofMillis(500);

  @Spec
  private CommandSpec spec;
  @Parameters(arity = "0..1", paramLabel = "NODE", description = "the name of a worker, 'scheduler', or any node's host:port (default: the scheduler and its workers)")
  private Optional<String> node = Optional.empty();
  @Mixin
  private Nodes nodes;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    Nodes.Answers<NodeRates> asked;
    try (var network = nodes.scheduler.open()) {
      var all = node.isPresent() ? nodes.named(network, node.get()) : nodes.all(network);
      asked = Nodes.ask(all, WITHIN, each -> look(network, each));
    }
    if (nodes.scheduler.json) {
      var answers = new ArrayList<Map<String, Object>>();
      asked.answers().forEach((at, rates) -> answers.add(rates.facts(at.address())));
      asked.silent().forEach((at, reason) -> {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("node", at.name());
        facts.put("address", at.address().toString());
        facts.put("silent", reason);
        answers.add(facts);
      });
      Output.json(out, answers);
    } else {
      asked.answers().forEach((at, rates) -> new NodePage(out, rates).print(at.address()));
      asked.silent().forEach((at, reason) -> out.println(
          at.name() + " at " + at.address() + ": " + reason));
    }
    return asked.answers().isEmpty() ? Failures.UNREACHABLE : 0;
  }

  static NodeRates look(WorkerNetwork network, Nodes.Node node)
      throws IOException, InterruptedException {
    var first = processes(network, node);
    Thread.sleep(BETWEEN);
    return new NodeRates(first, processes(network, node));
  }

  private static NodeProcesses processes(WorkerNetwork network, Nodes.Node node)
      throws IOException, InterruptedException {
    var answer = network.connections().to(node.address()).call(new Message.AskProcesses(), WITHIN);
    if (answer instanceof NodeProcesses processes) {
      return processes;
    }
    throw new IOException(node.name() + " answered with " + answer);
  }
}
