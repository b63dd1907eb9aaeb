package dev.heddle.dashboard;

import dev.heddle.cluster.PageProvider;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.net.URI;

/// The page of `Heddle.local()`: a [Dashboard] on loopback, at the usual port or the next that is free.
public final class DashboardPage implements PageProvider {
  private record Served(Dashboard dashboard) implements Page {
    @Override
    public URI uri() {
      return dashboard.uri();
    }

    @Override
    public void close() {
      dashboard.close();
    }
  }

  @Override
  public Page serve(Address scheduler, Secret secret) throws IOException {
    return new Served(Dashboard.start(DashboardOptions.of(scheduler, secret)));
  }
}
