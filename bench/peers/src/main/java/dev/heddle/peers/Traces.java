package dev.heddle.peers;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.core.HazelcastInstance;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.ignite.Ignition;

/// What the caller sees when a task throws with a cause, which the docs quote: parse, double, sum, of which only
/// the first can be given to the cluster before its inputs are here, since nothing there depends on anything.
final class Traces {
  private Traces() {}

  static final class OrderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OrderException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// No record: Ignite's marshaller cannot read one.
  static final class Parse implements Callable<Integer>, Serializable {
    private static final long serialVersionUID = 1;
    private final String text;

    Parse(String text) {
      this.text = text;
    }

    @Override
    public Integer call() {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw new OrderException("no number of " + text, e);
      }
    }
  }

  private interface Cluster {
    /// @return waits for the result
    Callable<Integer> submit(Callable<Integer> task);
  }

  private static int total(Cluster cluster) throws Exception {
    var counts = new ArrayList<Callable<Integer>>();
    for (var text : List.of("1", "2", "x", "4")) {
      counts.add(cluster.submit(new Parse(text)));
    }
    var total = 0;
    for (var count : counts) {
      total += 2 * count.call();
    }
    return total;
  }

  private static void print(Cluster cluster) {
    try {
      System.out.println(total(cluster));
    } catch (Exception e) {
      e.printStackTrace(System.out);
    }
  }

  /// @param arguments `hazelcast` or `ignite`
  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("hazelcast")) {
      try (var _ = Members.start(HazelcastPeer.class)) {
        var client = HazelcastClient.newHazelcastClient(HazelcastPeer.clientConfig());
        while (client.getCluster().getMembers().size() < 2) {
          Thread.sleep(100);
        }
        hazelcast(client);
        client.shutdown();
      }
    } else {
      try (var _ = Members.start(IgnitePeer.class);
          var client = Ignition.start(IgnitePeer.configuration(2))) {
        while (client.cluster().forServers().nodes().size() < 2) {
          Thread.sleep(100);
        }
        var compute = client.compute(client.cluster().forServers());
        print(task -> compute.callAsync(task::call)::get);
      }
    }
  }

  private static void hazelcast(HazelcastInstance client) {
    var executor = client.getExecutorService("tasks");
    print(task -> executor.submit(task)::get);
  }
}
