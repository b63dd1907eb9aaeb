package dev.heddle;

import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;

/// Makes clusters inside this JVM, for [Heddle#local()]. Found by `ServiceLoader`;
/// `dev.heddle:heddle-cluster` has one.
public interface ClusterProvider {
  /// Starts a scheduler and a worker in this JVM; returns when clients can connect.
  ///
  /// @param threads how many functions the worker runs at once, at least 1
  Started start(int threads) throws IOException, InterruptedException;

  /// A running cluster.
  interface Started extends AutoCloseable {
    /// Where its scheduler listens.
    Address address();

    /// What clients have to know to be let in.
    Secret secret();

    /// Waits until the worker takes work.
    ///
    /// @throws IOException if it does not start; what did is the caller's to close
    void awaitReady() throws IOException, InterruptedException;

    /// Waits until a page about it can be opened, or it is known that there is none.
    default void awaitPage() throws InterruptedException {}

    /// Ends it: nothing of it is left when this returns.
    @Override
    void close();
  }
}
