package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Secret;
import java.io.IOException;
import java.util.List;

/// A caller's end of the worker network: connections to any number of workers, and the classes that
/// they may ask the caller for.
///
/// For any number of threads. Keeps three processes: one a connection, *classes*, which answers
/// workers that lack a class, and those of the pool.
public final class WorkerNetwork implements AutoCloseable {
  private static final int SERVINGS_MAX = 1_000;

  private final ProcessScope scope;
  private final NodeCode code;
  private final Endpoint endpoint;
  private final ConnectionPool connections;
  private final Channel<Serving> servings;
  /// None: a caller has no values of its own.
  private final SharedMemory shared = SharedMemory.none();

  private WorkerNetwork(String name, Secret secret) throws IOException {
    scope = ProcessScope.open(name);
    code = new NodeCode(name);
    servings = Channel.bounded("servings " + name, SERVINGS_MAX);
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, name, secret), new Classes());
    connections = new ConnectionPool(endpoint);
    scope.start(name + "/classes", Kind.VIRTUAL,
        new Server(servings, code, shared, new Lanes(), _ -> {}));
  }

  /// Opens it; nothing is connected yet.
  ///
  /// @param name how workers know this caller, in their logs
  /// @throws IOException if there are no resources for it
  public static WorkerNetwork open(String name, Secret secret) throws IOException {
    return new WorkerNetwork(name, secret);
  }

  /// A worker at `address`. Connects now, unless a connection is there already; connects again when
  /// it is used after the connection was lost.
  ///
  /// @throws IOException if the worker cannot be reached; the message says why
  public WorkerClient worker(Address address) throws IOException, InterruptedException {
    var client = new WorkerClient(this, address, () -> {});
    client.connection();
    return client;
  }

  /// The connections that this caller has, for others of its parts: such as a metadata store.
  public ConnectionPool connections() {
    return connections;
  }

  NodeCode code() {
    return code;
  }

  @Override
  public void close() {
    connections.close();
    endpoint.close();
    servings.done();
    scope.stop();
    scope.close();
    code.close();
  }

  /// Workers ask a caller only for classes.
  private final class Classes implements ConnectionHandler {
    @Override
    public void received(Connection from, List<Incoming> batch) {
      for (var incoming : batch) {
        if (incoming instanceof Incoming.Asked(var correlation, var request)) {
          asked(from, correlation, request);
        }
      }
    }

    private void asked(Connection from, long correlation, Message.Request request) {
      switch (request) {
        case Message.AskContent(var codeBase, var names) ->
          serve(new Serving.Content(from, correlation, codeBase, names));
        case Message.AskBlobs(var hashes) -> serve(new Serving.Blobs(from, correlation, hashes));
        case Message.Ping(var token) -> from.reply(correlation, new Message.Pong(token));
        case Message.Request other -> from.reply(correlation, new Message.Refused(
            Message.Reason.UNKNOWN_OPERATION, "a caller does not answer " + other));
      }
    }

    private void serve(Serving serving) {
      if (!servings.offer(serving)) {
        serving.to().reply(serving.correlation(), Serving.BUSY);
      }
    }
  }
}
