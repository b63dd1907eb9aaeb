package dev.heddle.cli;

import dev.heddle.dashboard.Dashboard;
import dev.heddle.dashboard.DashboardOptions;
import dev.heddle.web.WebOptions;
import dev.heddle.web.WebServer;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/// Whether and where the page is served.
final class DashboardOption {
  private static final String NONE = "none";

  @Option(names = "--dashboard-port", paramLabel = "PORT", description = "where to serve the page: a port, 0 for any that is free, 'none' for no page (default: 8787, or the next that is free)")
  private Optional<String> port = Optional.empty();
  @Option(names = "--dashboard-host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "the address to serve the page on (default: ${DEFAULT-VALUE}); any but a loopback address asks browsers for a token, which 'heddle dashboard' prints")
  private String host = "127.0.0.1";

  /// Serves it, unless nobody wants it.
  ///
  /// @param says told where it is, a line
  /// @throws IOException if it cannot be served where it was asked for
  Optional<Dashboard> serve(Address scheduler, Secret secret, Consumer<String> says)
      throws IOException {
    return serve(scheduler, secret, UnaryOperator.identity(), says);
  }

  /// @param more adds routes to its server
  Optional<Dashboard> serve(Address scheduler, Secret secret, UnaryOperator<WebOptions> more,
      Consumer<String> says) throws IOException {
    if (port.filter(NONE::equals).isPresent()) {
      return Optional.empty();
    }
    WebServer.boundConnections();
    var asked = port.map(DashboardOption::number);
    var listen = new Address(host, asked.orElse(DashboardOptions.PORT_DEFAULT));
    var dashboard = Dashboard.start(DashboardOptions.of(scheduler, secret)
        .withListen(listen, asked.isPresent() ? 0 : DashboardOptions.MORE_PORTS).withMore(more));
    var at = dashboard.uri();
    says.accept("dashboard at " + at
        + (asked.isEmpty() && at.getPort() != DashboardOptions.PORT_DEFAULT
            ? " (port " + DashboardOptions.PORT_DEFAULT + " is in use)"
            : "")
        + (dashboard.asksForToken() ? "; 'heddle dashboard " + at + "' adds the token" : ""));
    return Optional.of(dashboard);
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port of the page is '" + text
          + "'; give a number, 0 for any that is free, or 'none' for no page", e);
    }
  }
}
