package dev.heddle.peers;

import java.nio.file.Path;
import java.util.List;
import org.apache.ignite.Ignite;
import org.apache.ignite.Ignition;
import org.apache.ignite.cache.CacheMode;
import org.apache.ignite.cluster.ClusterNode;
import org.apache.ignite.configuration.CacheConfiguration;
import org.apache.ignite.configuration.DataRegionConfiguration;
import org.apache.ignite.configuration.DataStorageConfiguration;
import org.apache.ignite.configuration.IgniteConfiguration;
import org.apache.ignite.logger.NullLogger;
import org.apache.ignite.spi.communication.tcp.TcpCommunicationSpi;
import org.apache.ignite.spi.discovery.tcp.TcpDiscoverySpi;
import org.apache.ignite.spi.discovery.tcp.ipfinder.vm.TcpDiscoveryVmIpFinder;

/// Ignite's compute: a thick client here, two server nodes in processes of their own, one thread for tasks each.
final class IgnitePeer {
  /// With tens of thousands at once, some results never came (2.18.0 on JDK 25).
  private static final int TASKS = 5_000;
  private static final String VALUES = "values";
  private static final int PORT = 17_701;
  private static final int COMMUNICATION_PORT = 17_801;
  private static final long REGION_BYTES = 1L << 30;

  private IgnitePeer() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      Ignition.start(configuration(Integer.parseInt(arguments[0])));
      Members.untilTheClientEnds();
    }
    try (var _ = Members.start(IgnitePeer.class); var client = Ignition.start(configuration(2))) {
      while (client.cluster().forServers().nodes().size() < 2) {
        Thread.sleep(100);
      }
      var compute = client.compute(client.cluster().forServers());
      Work.measure(number -> compute.callAsync(() -> number + 1)::get, TASKS);
      transfer(client);
    }
  }

  private static void transfer(Ignite client) throws Exception {
    var cache = client.<String, double[]>getOrCreateCache(
        new CacheConfiguration<String, double[]>(VALUES).setCacheMode(CacheMode.PARTITIONED)
            .setBackups(0));
    var both = List.copyOf(client.cluster().forServers().nodes());
    var affinity = client.<String>affinity(VALUES);
    var key = "a";
    while (!affinity.mapKeyToNode(key).equals(both.get(0))) {
      key += "a";
    }
    var there = key;
    cache.put(there, new double[Work.LENGTH]);
    Work.transfer(() -> look(client, both.get(1), there));
  }

  /// Looks at an array that another node owns.
  private static long look(Ignite client, ClusterNode node, String key) {
    return client.compute(client.cluster().forNode(node))
        .call(() -> Ignition.localIgnite().<String, double[]>cache(VALUES).get(key).length);
  }

  /// @param place 0 and 1 are the servers, 2 is the client
  static IgniteConfiguration configuration(int place) {
    var region = new DataRegionConfiguration().setName("region").setMaxSize(REGION_BYTES);
    return new IgniteConfiguration().setIgniteInstanceName("node-" + place)
        .setWorkDirectory(Path.of("bench/peers/target/ignite").toAbsolutePath().toString())
        .setGridLogger(new NullLogger()).setClientMode(place == 2).setLocalHost("127.0.0.1").setMetricsLogFrequency(0)
        .setPeerClassLoadingEnabled(false)
        .setPublicThreadPoolSize(1)
        .setConnectorConfiguration(null).setClientConnectorConfiguration(null)
        .setDataStorageConfiguration(
            new DataStorageConfiguration().setDefaultDataRegionConfiguration(region))
        .setCommunicationSpi(new TcpCommunicationSpi().setLocalPort(COMMUNICATION_PORT + place)
            .setLocalPortRange(0))
        .setDiscoverySpi(new TcpDiscoverySpi().setLocalPort(PORT + place).setLocalPortRange(0)
            .setIpFinder(new TcpDiscoveryVmIpFinder()
                .setAddresses(List.of("127.0.0.1:" + PORT, "127.0.0.1:" + (PORT + 1)))));
  }
}
