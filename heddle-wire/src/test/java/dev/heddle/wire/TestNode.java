package dev.heddle.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// A node that answers what it is asked, and remembers what happened to it.
final class TestNode implements AutoCloseable {
  static final Secret SECRET = Secret.generate();
  static final Duration SOON = Duration.ofSeconds(20);

  final BlockingQueue<Incoming> received = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<String> strangers = new LinkedBlockingQueue<>();
  final Endpoint endpoint;
  private final ConnectionHandler behaviour;

  TestNode(String name) {
    this(name, UnaryOperator.identity(), TestNode::answer);
  }

  TestNode(String name, UnaryOperator<EndpointConfig> config, ConnectionHandler behaviour) {
    this(config.apply(EndpointConfig.of(Hello.Role.WORKER, name, SECRET)), behaviour,
        Protocol.VERSION_MOST);
  }

  TestNode(EndpointConfig config, ConnectionHandler behaviour, int versionMost) {
    this.behaviour = behaviour;
    endpoint = new Endpoint(config, new Recorder(), strangers::add, versionMost);
  }

  private final class Recorder implements ConnectionHandler {
    @Override
    public void received(Connection from, List<Incoming> batch) {
      received.addAll(batch);
      behaviour.received(from, batch);
    }

    @Override
    public void answered(Connection from, List<Answered> answers) {
      behaviour.answered(from, answers);
    }

    @Override
    public void opened(Connection connection) {
      behaviour.opened(connection);
      opened.add(connection);
    }

    @Override
    public void closed(Connection connection, String reason) {
      closed.add(reason);
    }
  }

  /// Pongs to pings; sends back what it is told to store; refuses the rest.
  static void answer(Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      if (incoming instanceof Incoming.Asked(var correlation, var request)) {
        from.reply(correlation, switch (request) {
          case Message.Ping(var token) -> new Message.Pong(token);
          case Message.PutData(var values, var _) -> {
            var found = new java.util.LinkedHashMap<Key, Message.Datum>();
            values.forEach((key, value) -> found.put(key, new Message.Datum.Found(value)));
            yield new Message.Data(found);
          }
          default -> new Message.Refused(Message.Reason.UNKNOWN_OPERATION, "not here");
        });
      }
    }
  }

  /// Does nothing.
  static void ignore(Connection from, List<Incoming> batch) {}

  Address listen() throws IOException {
    return endpoint.listen(new Address("127.0.0.1", 0));
  }

  Connection connect(Address to) throws IOException, InterruptedException {
    return endpoint.connect(to);
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    var item = queue.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    if (item == null) {
      throw new AssertionError("nothing happened within " + SOON);
    }
    return item;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
