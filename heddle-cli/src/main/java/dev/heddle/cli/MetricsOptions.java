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
    /// Says where, if it serves.
    void tell(PrintWriter out);

    @Override
    void close();
  }

  private record Nothing() implements Serving {
    @Override
    public void tell(PrintWriter out) {
      // There is nothing to tell.
    }

    @Override
    public void close() {
      // There is nothing to close.
    }
  }

  private record Server(WebServer server) implements Serving {
    @Override
    public void tell(PrintWriter out) {
      out.println("metrics at " + server.uri().resolve(Metrics.METRICS_PATH)
          + (server.asksForToken()
              ? ", for whoever brings the token that `heddle secret --token` prints"
              : ""));
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /// Serves, if it is to.
  ///
  /// @throws IOException if it cannot listen; the message says what to do
  Serving serve(Metrics metrics, String node, ListenOptions listen, Secret secret)
      throws IOException {
    if (port.isEmpty()) {
      return new Nothing();
    }
    WebServer.boundConnections();
    return new Server(WebServer.start(metrics
        .addTo(WebOptions.of(node, secret).withListen(listen.address(port.get())))));
  }
}
