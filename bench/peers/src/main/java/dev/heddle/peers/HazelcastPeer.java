package dev.heddle.peers;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Callable;

/// Hazelcast's executor: a client here, two members in processes of their own, one thread for tasks each.
final class HazelcastPeer {
  private static final String TASKS = "tasks";
  private static final int PORT = 15_701;

  private HazelcastPeer() {}

  record PlusOne(int number) implements Callable<Integer>, Serializable {
    @Override
    public Integer call() {
      return number + 1;
    }
  }

  /// Looks at an array that another member owns.
  static final class Look implements Callable<Long>, Serializable, HazelcastInstanceAware {
    private static final long serialVersionUID = 1;
    private final String key;
    private transient HazelcastInstance member;

    Look(String key) {
      this.key = key;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
      member = instance;
    }

    @Override
    public Long call() {
      return (long) member.<String, double[]>getMap("values").get(key).length;
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0) {
      Hazelcast.newHazelcastInstance(memberConfig(PORT + Integer.parseInt(arguments[0])));
      Members.untilTheClientEnds();
    }
    try (var _ = Members.start(HazelcastPeer.class)) {
      var client = HazelcastClient.newHazelcastClient(clientConfig());
      while (client.getCluster().getMembers().size() < 2) {
        Thread.sleep(100);
      }
      var executor = client.getExecutorService(TASKS);
      Work.measure(number -> executor.submit(new PlusOne(number))::get, Work.TASKS);
      transfer(client);
      client.shutdown();
    }
  }

  private static void transfer(HazelcastInstance client) throws Exception {
    var both = List.copyOf(client.getCluster().getMembers());
    var key = "a";
    while (!client.getPartitionService().getPartition(key).getOwner().equals(both.get(0))) {
      key += "a";
    }
    var look = new Look(key);
    client.getMap("values").set(key, new double[Work.LENGTH]);
    Work.transfer(
        () -> client.getExecutorService(TASKS).submitToMember(look, both.get(1)).get());
  }

  private static Config memberConfig(int port) {
    var config = new Config().setClusterName("heddle-compare")
        .addExecutorConfig(new ExecutorConfig(TASKS, 1))
        .setProperty("hazelcast.operation.thread.count", "2")
        .setProperty("hazelcast.operation.generic.thread.count", "2")
        .setProperty("hazelcast.io.thread.count", "1")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.logging.type", "none");
    var network = config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true)
        .setMembers(List.of("127.0.0.1:" + PORT, "127.0.0.1:" + (PORT + 1)));
    return config;
  }

  static ClientConfig clientConfig() {
    var config = new ClientConfig().setClusterName("heddle-compare")
        .setProperty("hazelcast.client.io.input.thread.count", "1")
        .setProperty("hazelcast.client.io.output.thread.count", "1")
        .setProperty("hazelcast.client.response.thread.count", "1")
        .setProperty("hazelcast.logging.type", "none");
    config.getNetworkConfig().setAddresses(List.of("127.0.0.1:" + PORT, "127.0.0.1:" + (PORT + 1)));
    config.getConnectionStrategyConfig().getConnectionRetryConfig()
        .setClusterConnectTimeoutMillis(60_000);
    return config;
  }
}
