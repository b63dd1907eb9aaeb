package dev.heddle.cli;

import dev.heddle.cluster.ChildOptions;
import dev.heddle.cluster.LocalCluster;
import java.io.IOException;

/// Where [BenchCommand] gets the cluster from that it measures.
@FunctionalInterface
interface Clusters {
  /// A new one for each, which ends with it.
  Clusters NEW = (workers, options) -> {
    var cluster = LocalCluster.processes(workers, options);
    return new Lent(cluster, cluster::close);
  };

  /// @param end what happens when it is not needed any longer
  record Lent(LocalCluster cluster, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /// @throws IOException if it does not start
  Lent lend(int workers, ChildOptions options) throws IOException, InterruptedException;
}
