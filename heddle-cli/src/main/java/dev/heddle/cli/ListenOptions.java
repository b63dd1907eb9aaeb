package dev.heddle.cli;

import dev.heddle.wire.Address;
import picocli.CommandLine.Option;

/// Where a node listens.
final class ListenOptions {
  @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "the address to listen on (default: ${DEFAULT-VALUE}); any but a loopback"
      + " address needs a secret of the cluster's own: heddle secret FILE")
  String host;

  /// @param port 0 for any that is free
  Address address(int port) {
    return new Address(host, port);
  }
}
