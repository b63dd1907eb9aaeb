package dev.heddle.cluster;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.net.URI;

/// Serves a page that shows a cluster inside this JVM. Found by `ServiceLoader`;
/// `dev.heddle:heddle-dashboard` has one.
public interface PageProvider {
  /// Starts to serve it; returns when it can be opened.
  ///
  /// @throws IOException if it cannot be served; the message says why
  Page serve(Address scheduler, Secret secret) throws IOException;

  /// A page that is served.
  interface Page extends AutoCloseable {
    /// What a browser opens.
    URI uri();

    @Override
    void close();
  }
}
