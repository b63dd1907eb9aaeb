package dev.heddle;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Holder;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerId;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Where a toy cluster keeps its values, as clients see it.
final class ToyWorker implements ConnectionHandler, AutoCloseable {
  final WorkerInfo info;
  final Map<Key, Payload> values = new ConcurrentHashMap<>();
  final Map<Key, Failure> unsendable = new ConcurrentHashMap<>();
  final List<Message.GetData> asked = new CopyOnWriteArrayList<>();
  private final Endpoint endpoint;

  ToyWorker(String name, Secret secret) throws IOException {
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.WORKER, name, secret), this);
    var address = endpoint.listen(new Address("127.0.0.1", 0));
    info = new WorkerInfo(new WorkerId(name, name.hashCode()), address, "here", 1, 1);
  }

  Holder holder() {
    return new Holder(info.id(), info.address(), info.host(), -1);
  }

  @Override
  public void received(Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      if (incoming instanceof Incoming.Asked(var correlation, var request)) {
        from.reply(correlation, answer(request));
      }
    }
  }

  private Message.Response answer(Message.Request request) {
    return switch (request) {
      case Message.GetData get -> {
        asked.add(get);
        var data = new LinkedHashMap<Key, Datum>();
        get.keys().forEach(key -> data.put(key, datum(key)));
        yield new Message.Data(data);
      }
      case Message.PutData(var put, var _) -> {
        values.putAll(put);
        var sizes = new LinkedHashMap<Key, Long>();
        put.forEach((key, payload) -> sizes.put(key, payload.sizeBytes()));
        yield new Message.Stored(sizes, Map.of());
      }
      default -> new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not in a toy");
    };
  }

  private Datum datum(Key key) {
    var failure = unsendable.get(key);
    var payload = values.get(key);
    return failure != null
        ? new Datum.Unsendable(failure)
        : payload != null ? new Datum.Found(payload) : new Datum.Missing();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
