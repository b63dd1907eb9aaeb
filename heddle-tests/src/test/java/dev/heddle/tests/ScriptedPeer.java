package dev.heddle.tests;

import dev.heddle.values.ClassResolver;
import dev.heddle.values.Values;
import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A node that the store takes for a worker, and that answers requests for values as the test says.
final class ScriptedPeer implements AutoCloseable {
  /// For values of JDK classes alone.
  private static final Values VALUES = new Values(ClassResolver.of(_ -> Optional.empty(),
      (_, name) -> Class.forName(name)));

  private final WorkerId id;
  private final Address address;
  private final Endpoint endpoint;
  private final Function<Message.GetData, Optional<Message.Response>> script;
  /// Every request for values that came, in order.
  final List<List<Key>> asked = new CopyOnWriteArrayList<>();

  /// @param script empty: never answers
  private ScriptedPeer(TestCluster cluster, String name,
      Function<Message.GetData, Optional<Message.Response>> script)
      throws IOException {
    this.script = script;
    id = new WorkerId(name, 1);
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.WORKER, name, cluster.secret),
        new Handler());
    address = endpoint.listen(new Address("127.0.0.1", 0));
  }

  /// Joins the store with `keys`.
  static ScriptedPeer join(TestCluster cluster, String name, List<Key> keys,
      Function<Message.GetData, Optional<Message.Response>> script) throws Exception {
    var peer = cluster.closing(new ScriptedPeer(cluster, name, script));
    cluster.store.join(new WorkerInfo(peer.id, peer.address, "elsewhere", 1, 1),
        Duration.ofMinutes(1));
    cluster.store.register(peer.id, keys.stream().map(key -> new Message.Entry(key, 8)).toList());
    return peer;
  }

  /// Gives each key's value.
  static Optional<Message.Response> gives(Message.GetData request, Map<Key, Object> values) {
    var data = new LinkedHashMap<Key, Datum>();
    for (var key : request.keys()) {
      data.put(key, values.containsKey(key)
          ? new Datum.Found(VALUES.encode(values.get(key)))
          : new Datum.Missing());
    }
    return Optional.of(new Message.Data(data));
  }

  Holder holder() {
    return new Holder(id, address, "elsewhere", 8);
  }

  private final class Handler implements ConnectionHandler {
    @Override
    public void received(Connection from, List<Incoming> batch) {
      for (var incoming : batch) {
        if (incoming instanceof Incoming.Asked(var correlation, Message.GetData request)) {
          asked.add(request.keys());
          // A script may wait, and is not to keep the link from giving signs of life.
          Thread.ofVirtual().name("script of " + id).start(() -> {
            script.apply(request).ifPresent(answer -> from.reply(correlation, answer));
            from.flush();
          });
        }
      }
    }
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
