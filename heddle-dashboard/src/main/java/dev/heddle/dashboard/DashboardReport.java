package dev.heddle.dashboard;

import dev.heddle.ReportProvider;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.Path;

/// The file of `client.report(…)`: a [Report].
public final class DashboardReport implements ReportProvider {
  @Override
  public void write(Address scheduler, Secret secret, Path file)
      throws IOException, InterruptedException {
    var _ = Report.write(scheduler, secret, file);
  }
}
