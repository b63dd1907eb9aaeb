package dev.heddle;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.nio.file.Path;

/// Writes the file of [Client#report]. Found by `ServiceLoader`; `dev.heddle:heddle-dashboard` has one.
public interface ReportProvider {
  /// Asks the cluster of this scheduler what it did, and writes that.
  ///
  /// @param file is not there when this is called, and there as a whole when it returns
  /// @throws IOException if it cannot be written, or the scheduler does not answer; there is no file then
  void write(Address scheduler, Secret secret, Path file) throws IOException, InterruptedException;
}
