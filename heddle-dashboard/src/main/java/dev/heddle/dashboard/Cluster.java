package dev.heddle.dashboard;

import dev.heddle.wire.Address;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.time.Duration;

/// Asks the nodes of one cluster.
///
/// For any number of threads.
final class Cluster implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(3);
  /// For what the scheduler answers bit by bit.
  private static final Duration LATER = Duration.ofSeconds(60);

  private final Address scheduler;
  private final Endpoint endpoint;
  private final ConnectionPool connections;

  /// @param name under which the nodes know the asker
  Cluster(String name, Address scheduler, Secret secret) {
    this.scheduler = scheduler;
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, name, secret), (_, _) -> {});
    connections = new ConnectionPool(endpoint);
  }

  Address scheduler() {
    return scheduler;
  }

  /// How a node introduced itself.
  Hello hello(Address node) throws IOException, InterruptedException {
    return connections.to(node).peer();
  }

  /// @throws IOException if it does not answer in time, or not as it should
  <T extends Message.Response> T ask(Message.Request question, Class<T> answer)
      throws IOException, InterruptedException {
    return ask(scheduler, question, answer,
        question instanceof Message.Look ? LATER : SOON);
  }

  /// @throws IOException if it does not answer in time, or not as it should
  <T extends Message.Response> T ask(Address node, Message.Request question, Class<T> answer)
      throws IOException, InterruptedException {
    return ask(node, question, answer, SOON);
  }

  private <T extends Message.Response> T ask(Address node, Message.Request question,
      Class<T> answer, Duration within) throws IOException, InterruptedException {
    var response = connections.to(node).call(question, within);
    if (answer.isInstance(response)) {
      return answer.cast(response);
    }
    if (response instanceof Message.Refused(var reason, var message)) {
      throw new IOException(node + " refused: " + message + " (" + reason + ")");
    }
    throw new IOException(node + " gave an answer that does not fit: "
        + response.getClass().getSimpleName());
  }

  @Override
  public void close() {
    connections.close();
    endpoint.close();
  }
}
