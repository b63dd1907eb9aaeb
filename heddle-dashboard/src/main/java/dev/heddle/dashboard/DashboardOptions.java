package dev.heddle.dashboard;

import dev.heddle.web.WebOptions;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.util.function.UnaryOperator;

/// What a [Dashboard] is told once.
///
/// @param scheduler whose cluster it shows
/// @param secret of that cluster, which is behind the page's door too
/// @param listen where the page is served; port 0 for any that is free
/// @param morePorts how many ports after that one are tried when it is taken
/// @param more adds routes of others to the page's server
public record DashboardOptions(Address scheduler, Secret secret, Address listen, int morePorts,
    UnaryOperator<WebOptions> more) {
  /// Where the page is unless somebody says otherwise.
  public static final int PORT_DEFAULT = 8787;
  /// How many ports after that one are tried, where nobody chose it.
  public static final int MORE_PORTS = 50;

  /// On loopback, at [#PORT_DEFAULT] or the next port that is free.
  public static DashboardOptions of(Address scheduler, Secret secret) {
    return new DashboardOptions(scheduler, secret, new Address("127.0.0.1", PORT_DEFAULT),
        MORE_PORTS, UnaryOperator.identity());
  }

  public DashboardOptions withListen(Address where, int morePorts) {
    return new DashboardOptions(scheduler, secret, where, morePorts, more);
  }

  /// Has the page's server answer more than the page needs.
  public DashboardOptions withMore(UnaryOperator<WebOptions> routes) {
    return new DashboardOptions(scheduler, secret, listen, morePorts, routes);
  }
}
