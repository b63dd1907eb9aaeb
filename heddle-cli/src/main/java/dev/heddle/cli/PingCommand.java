package dev.heddle.cli;

import dev.heddle.wire.Address;
import dev.heddle.wire.Message;
import dev.heddle.worker.WorkerNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "ping", mixinStandardHelpOptions = true, description = "Ask a node for a sign of life, and who it is.")
final class PingCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec
  private CommandSpec spec;
  @Parameters(paramLabel = "ADDRESS", description = "heddle://host:port")
  private String address;
  @Option(names = {"-c",
      "--count"}, paramLabel = "N", defaultValue = "3", description = "how often (default: ${DEFAULT-VALUE})")
  private int count;
  @Option(names = "--json", description = "print JSON")
  private boolean json;
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    var out = spec.commandLine().getOut();
    try (var network = WorkerNetwork.open(Cluster.NAME, cluster.secret())) {
      var connection = network.connections().to(Address.parse(address));
      var micros = new ArrayList<Long>();
      for (var i = 0; i < count; i++) {
        var started = System.nanoTime();
        connection.call(new Message.Ping(i), TIMEOUT);
        micros.add((System.nanoTime() - started) / 1000);
        if (!json) {
          out.println("pong from " + connection.peer().name() + " in " + micros.getLast() + " µs");
          out.flush();
        }
      }
      var info = (Message.NodeInfo) connection.call(new Message.AskInfo(), TIMEOUT);
      var facts = new LinkedHashMap<String, Object>();
      facts.put("role", info.role());
      facts.put("name", info.name());
      facts.put("address", info.address().toString());
      facts.put("host", info.host());
      facts.put("pid", info.pid());
      facts.put("startedEpochMillis", info.startedEpochMillis());
      facts.putAll(info.facts());
      if (json) {
        facts.put("pingMicros", micros);
        Output.json(out, facts);
      } else {
        facts.forEach((name, value) -> out.println("  " + name + ": " + value));
      }
    }
    return 0;
  }
}
