package dev.heddle.junit;

import dev.heddle.Client;
import dev.heddle.ClientOptions;
import dev.heddle.ClusterInfo;
import dev.heddle.cluster.LocalCluster;
import dev.heddle.process.OpenScope;
import dev.heddle.process.Processes;
import dev.heddle.wire.Key;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What a cluster still holds after the test's client has closed. What is let go takes a moment to be gone, so it is
/// looked for again and again, for a while.
final class KeysLeft {
  private static final String LOOKER = "leak-check";
  private static final int KEYS_MAX = 1_000;
  private static final int NAMED_MAX = 10;
  private static final long PAUSE_MILLIS = 20;

  private final LocalCluster cluster;
  private final Client looker;
  private final Map<Key, String> places;
  private final Map<String, Key> published;

  private KeysLeft(LocalCluster cluster, Client looker, Map<Key, String> places,
      Map<String, Key> published) {
    this.cluster = cluster;
    this.looker = looker;
    this.places = places;
    this.published = published;
  }

  /// Closes the cluster's client.
  ///
  /// @return a line a leak
  static List<String> in(LocalCluster cluster) throws IOException, InterruptedException {
    try (var looker = cluster.connect(ClientOptions.DEFAULT.name(LOOKER))) {
      var client = cluster.client();
      var published = new LinkedHashMap<String, Key>();
      for (var name : looker.published()) {
        try (var future = looker.published(name)) {
          published.put(name, future.key());
        }
      }
      var held = new ArrayList<>(published.values());
      cluster.valuesHeld(KEYS_MAX).values()
          .forEach(entries -> entries.forEach(entry -> held.add(entry.key())));
      var places = held.isEmpty() ? Map.<Key, String>of() : client.submittedAt(held);
      client.close();
      return new KeysLeft(cluster, looker, places, published).await();
    }
  }

  private List<String> await() throws IOException, InterruptedException {
    var deadline = Footprint.deadlineNanos();
    while (true) {
      var left = left();
      if (left.isEmpty() || System.nanoTime() - deadline > 0) {
        return left;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private List<String> left() throws IOException, InterruptedException {
    var info = looker.info();
    var left = new ArrayList<String>();
    for (var client : info.clients()) {
      // A task's own client lives as long as its worker.
      if (!client.equals(LOOKER) && !client.endsWith("/tasks")) {
        left.add("the client '" + client + "' is still connected" + madeAt(client)
            + "; close it (try-with-resources)");
      }
    }
    published.forEach((name, key) -> left.add("'" + key + "' is still published as '" + name + "'"
        + place(key) + "; take it back: client.unpublish(\"" + name + "\")"));
    keys(info, left);
    return left;
  }

  /// Where a client of that name was made, if in this JVM.
  private static String madeAt(String client) {
    return Processes.openScopes().stream().filter(scope -> scope.name().startsWith(client))
        .findFirst().map(OpenScope::openedBy).map(Program::place)
        .map(place -> ", made at " + place).orElse("");
  }

  private String place(Key key) {
    return places.containsKey(key) ? ", submitted at " + places.get(key) : "";
  }

  private void keys(ClusterInfo info, List<String> left) throws IOException, InterruptedException {
    var holders = new TreeMap<String, String>();
    var sizes = new HashMap<String, Long>();
    for (var worker : cluster.valuesHeld(KEYS_MAX).entrySet()) {
      for (var entry : worker.getValue()) {
        if (!published.containsValue(entry.key())) {
          holders.merge(entry.key().text(), worker.getKey(), (a, b) -> a + ", " + b);
          sizes.put(entry.key().text(), entry.sizeBytes());
        }
      }
    }
    holders.entrySet().stream().limit(NAMED_MAX).forEach(holder -> left.add("the value '"
        + holder.getKey() + "' (" + sizes.get(holder.getKey()) + " bytes) is still on "
        + holder.getValue() + place(Key.of(holder.getKey()))
        + "; somebody holds a future of it: close that client, or the future"));
    if (holders.size() > NAMED_MAX) {
      left.add("and " + (holders.size() - NAMED_MAX) + " more values");
    }
    var unfinished = new TreeMap<>(info.tasks());
    unfinished.keySet().retainAll(List.of("waiting", "queued", "processing"));
    unfinished.values().removeIf(count -> count == 0);
    if (!unfinished.isEmpty()) {
      left.add("tasks are not done (" + unfinished + ") though nobody holds a future of them: they"
          + " are detached (fireAndForget), or do not heed their interruption; let the test wait for"
          + " what they do");
    }
  }
}
