package dev.heddle.cli;

import dev.heddle.metrics.Metrics;
import dev.heddle.web.WebOptions;
import dev.heddle.web.WebServer;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Whether a node serves its figures, and where.
final class MetricsOptions {
  @Option(names = "--metrics-port", paramLabel = "PORT", description = "serve figures for Prometheus (/metrics) and health checks (/health/live, /health/ready)"
      + " at this port of --host, 0 for any that is free (default: none)")
  private Optional<Integer> port = Optional.empty();

  /// What is closed when the node ends.
  interface Serving extends AutoCloseable {
    @Override
    void close();
  }

  /// Serves, if it is to, and says where.
  ///
  /// @throws IOException if it cannot listen; the message says what to do
  Serving serve(Metrics metrics, String node, ListenOptions listen, Secret secret, PrintWriter out)
      throws IOException {
    if (port.isEmpty()) {
      return () -> {};
    }
    WebServer.boundConnections();
    var server = WebServer.start(metrics
        .addTo(WebOptions.of(node, secret).withListen(listen.address(port.get()))));
    out.println("metrics at " + server.uri().resolve(Metrics.METRICS_PATH)
        + (server.asksForToken()
            ? ", for whoever brings the token that `heddle secret --token` prints"
            : ""));
    return server::close;
  }
}
