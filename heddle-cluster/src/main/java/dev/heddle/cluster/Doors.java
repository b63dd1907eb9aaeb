package dev.heddle.cluster;

import dev.heddle.wire.Address;
import java.io.IOException;

/// What stands before the nodes of a [LocalCluster], so that all that is said to them passes through: for tests that
/// lose connections and hold messages back.
public interface Doors {
  /// Makes the door of one node, before that starts. The node tells others the door's address as its own.
  ///
  /// @param node its name: `scheduler`, `worker-1`
  Door before(String node) throws IOException;

  /// The one way to a node.
  interface Door extends AutoCloseable {
    /// Where others knock.
    Address address();

    /// The node listens, and this is where.
    void leadsTo(Address node);

    /// Nobody gets through any more, and whoever is inside is cut off at once.
    @Override
    void close();
  }
}
