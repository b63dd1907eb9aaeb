package dev.heddle.cli;

import dev.heddle.wire.Message;
import dev.heddle.worker.WorkerNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "record", mixinStandardHelpOptions = true, description = "Record every node with the flight recorder of its JVM, all at once: a file a node, for JDK Mission Control or 'jfr print'. Tasks, transfers, spills, transitions and heartbeat gaps are in it.")
final class RecordCommand implements Callable<Integer> {
  /// For the recording to be written and fetched.
  private static final Duration BEYOND = Duration.ofSeconds(30);

  @Spec
  private CommandSpec spec;
  @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "for how long (default: ${DEFAULT-VALUE})")
  private int seconds;
  @Parameters(arity = "0..1", paramLabel = "DIRECTORY", defaultValue = ".", description = "where the files go: NODE.jfr (default: here)")
  private Path directory;
  @Mixin
  private Nodes nodes;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    Files.createDirectories(directory);
    Nodes.Answers<Path> asked;
    try (var network = nodes.scheduler.open();
        var _ = new Elapsing("recording", Duration.ofSeconds(seconds))) {
      asked = Nodes.ask(nodes.all(network), Duration.ofSeconds(seconds).plus(BEYOND),
          node -> recorded(network, node));
    }
    if (nodes.scheduler.json) {
      var facts = new ArrayList<Map<String, Object>>();
      asked.answers().forEach((node, file) -> facts.add(fact(node, "file", file.toString())));
      asked.silent().forEach((node, reason) -> facts.add(fact(node, "silent", reason)));
      Output.json(out, facts);
    } else {
      asked.answers().forEach((node, file) -> out.println(file));
      asked.silent().forEach((node, reason) -> out.println(
          node.name() + " at " + node.address() + ": " + reason));
    }
    return asked.answers().isEmpty() ? Failures.UNREACHABLE : 0;
  }

  private static Map<String, Object> fact(Nodes.Node node, String name, String value) {
    var fact = new LinkedHashMap<String, Object>();
    fact.put("node", node.name());
    fact.put(name, value);
    return fact;
  }

  private Path recorded(WorkerNetwork network, Nodes.Node node)
      throws IOException, InterruptedException {
    var connection = network.connections().to(node.address());
    var _ = connection.call(new Message.MakeRecording(seconds),
        Duration.ofSeconds(seconds).plus(BEYOND));
    var file = directory.resolve(node.name().replaceAll("[^A-Za-z0-9._-]", "_") + ".jfr");
    try (var to = Files.newOutputStream(file)) {
      var offset = 0L;
      while (connection.call(new Message.AskRecording(offset),
          BEYOND) instanceof Message.RecordingPart(var bytes) && bytes.length > 0) {
        to.write(bytes);
        offset += bytes.length;
      }
    }
    return file;
  }
}
