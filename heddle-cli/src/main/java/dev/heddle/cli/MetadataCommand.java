package dev.heddle.cli;

import dev.heddle.metadata.MetadataNode;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "metadata", mixinStandardHelpOptions = true, description = "Run a metadata store: it knows which worker has what.")
final class MetadataCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;
  @Option(names = {"-p",
      "--port"}, paramLabel = "PORT", defaultValue = "8786", description = "the port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE})")
  private int port;
  @Mixin
  private ListenOptions listen;
  @Mixin
  private Cluster cluster;

  @Override
  public Integer call() throws Exception {
    var signals = Signals.taken();
    var out = spec.commandLine().getOut();
    var config = EndpointConfig.of(Hello.Role.METADATA, "metadata", cluster.secret());
    try (var node = MetadataNode.open(config, listen.address(port))) {
      out.println("metadata store at " + node.address());
      out.flush();
      signals.await();
    }
    return 0;
  }
}
