package dev.heddle.peers;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Hazelcast's executor: a client here, two members in processes of their own, one thread for tasks each.
final class HazelcastPeer {
  private static final String TASKS = "tasks";
  private static final int LENGTH = 8 << 20;
  private static final int PORT = 15_701;
  private static final int TRANSFERS = 5;

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
      Hazelcast.newHazelcastInstance(memberConfig(Integer.parseInt(arguments[0])));
      // The end of its standard input, which is that of the client's process, ends it.
      var _ = System.in.read();
      System.exit(0);
    }
    var members = new ArrayList<Process>();
    try {
      members.add(start(PORT));
      members.add(start(PORT + 1));
      var client = HazelcastClient.newHazelcastClient(clientConfig());
      while (client.getCluster().getMembers().size() < 2) {
        Thread.sleep(100);
      }
      var executor = client.getExecutorService(TASKS);
      Work.measure(number -> executor.submit(new PlusOne(number)));
      transfer(client);
      client.shutdown();
    } finally {
      members.forEach(Process::destroyForcibly);
    }
  }

  private static void transfer(HazelcastInstance client) throws Exception {
    var both = List.copyOf(client.getCluster().getMembers());
    var key = "a";
    while (!client.getPartitionService().getPartition(key).getOwner().equals(both.get(0))) {
      key += "a";
    }
    client.getMap("values").set(key, new double[LENGTH]);
    var rates = new double[TRANSFERS];
    for (var i = -2; i < TRANSFERS; i++) {
      var started = System.nanoTime();
      Work.check(client.getExecutorService(TASKS).submitToMember(new Look(key), both.get(1)).get(),
          LENGTH);
      if (i >= 0) {
        rates[i] = LENGTH * 8.0 / (System.nanoTime() - started);
      }
    }
    Work.say("gigabytesPerSecond", Work.median(rates));
  }

  private static Process start(int port) throws Exception {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), HazelcastPeer.class.getName(),
        Integer.toString(port)).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
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

  private static ClientConfig clientConfig() {
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
