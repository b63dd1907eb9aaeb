package dev.heddle.cluster;

import dev.heddle.ClusterProvider;
import dev.heddle.wire.Address;
import dev.heddle.wire.Secret;
import java.io.IOException;

/// What `Heddle.local()` starts: a [LocalCluster] with one worker.
public final class InJvmProvider implements ClusterProvider {
  private record Running(LocalCluster cluster) implements Started {
    @Override
    public Address address() {
      return cluster.address();
    }

    @Override
    public Secret secret() {
      return cluster.secret();
    }

    @Override
    public void awaitReady() throws IOException, InterruptedException {
      cluster.awaitInside();
      cluster.servePage();
    }

    @Override
    public void awaitPage() throws InterruptedException {
      cluster.awaitPage();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  @Override
  public Started start(int threads) throws IOException, InterruptedException {
    return new Running(LocalCluster.startInJvm(ClusterOptions.DEFAULT.withThreads(threads)));
  }
}
