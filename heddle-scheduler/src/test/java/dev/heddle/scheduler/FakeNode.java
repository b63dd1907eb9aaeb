package dev.heddle.scheduler;

import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Payload;
import dev.heddle.wire.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A node that a test plays.
abstract class FakeNode implements ConnectionHandler, AutoCloseable {
  static final Secret SECRET = Secret.generate();
  static final Duration SOON = Duration.ofSeconds(20);

  final String name;
  final Endpoint endpoint;
  /// Why connections ended, in order.
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  FakeNode(Hello.Role role, String name) {
    this.name = name;
    endpoint = new Endpoint(EndpointConfig.of(role, name, SECRET), this);
  }

  abstract void noticed(Connection from, Message.Notice notice);

  abstract Message.Response answer(Connection from, Message.Request request);

  @Override
  public void received(Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Asked(var correlation, var request) ->
          from.reply(correlation, answer(from, request));
        case Incoming.Noticed(var notice) -> noticed(from, notice);
      }
    }
  }

  @Override
  public void closed(Connection connection, String reason) {
    closed.add(reason);
  }

  Connection connect(Scheduler scheduler) throws Exception {
    return endpoint.connect(scheduler.address());
  }

  static Message.Response ask(Connection connection, Message.Request request) throws Exception {
    return connection.call(request, SOON);
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    var item = queue.poll(SOON.toSeconds(), TimeUnit.SECONDS);
    if (item == null) {
      throw new AssertionError("nothing happened within " + SOON);
    }
    return item;
  }

  static Payload payload(String text) {
    return new Payload(1, List.of(), text.getBytes(StandardCharsets.UTF_8), List.of());
  }

  static String text(Payload payload) {
    return new String(payload.header(), StandardCharsets.UTF_8);
  }

  static SchedulerOptions options() {
    return SchedulerOptions.of(SECRET).withListen(new Address("127.0.0.1", 0));
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
