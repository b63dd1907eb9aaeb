package dev.heddle.metadata;

import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.Response;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A metadata store that is a node of its own: `heddle metadata`.
public final class MetadataNode implements AutoCloseable {
  private final EndpointConfig config;
  private final long startedEpochMillis = System.currentTimeMillis();
  private final ProcessScope scope;
  private final EmbeddedMetadataStore store;
  private final MetadataServer server;
  private final Endpoint endpoint;
  private final Address address;

  private MetadataNode(EndpointConfig config, Address where) throws IOException {
    this.config = config;
    this.scope = ProcessScope.open(config.name());
    this.store = EmbeddedMetadataStore.partOf(scope);
    this.server = new MetadataServer(scope, store);
    this.endpoint = new Endpoint(config, new Handler());
    try {
      this.address = endpoint.listen(where);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Starts with an empty store and listens.
  ///
  /// @param where port 0 for any free port
  /// @throws IOException if it cannot listen there; the message says why and what to do
  public static MetadataNode open(EndpointConfig config, Address where) throws IOException {
    return new MetadataNode(config, where);
  }

  /// Where it listens.
  public Address address() {
    return address;
  }

  /// The store itself, for whoever is in this process.
  public MetadataStore store() {
    return store;
  }

  /// Waits until the node has ended, by [#close] or by a defect.
  public void join() throws InterruptedException {
    scope.join();
  }

  @Override
  public void close() {
    endpoint.close();
    server.close();
    store.close();
    scope.close();
  }

  private final class Handler implements ConnectionHandler {
    @Override
    public void received(Connection from, List<Incoming> batch) {
      for (var incoming : batch) {
        if (!server.handle(from, incoming)
            && incoming instanceof Incoming.Asked(var correlation, var request)) {
          from.reply(correlation, answer(request));
        }
      }
    }

    @Override
    public void closed(Connection connection, String reason) {
      server.closed(connection);
    }

    private Response answer(Message.Request request) {
      return switch (request) {
        case Message.Ping(var token) -> new Message.Pong(token);
        case Message.Inspection _ ->
          throw new IllegalStateException("the link answers " + request);
        case Message.AskInfo() -> info();
        case Message.Join _,Message.Renew _,Message.Leave _ -> unanswered(request);
        case Message.Register _,Message.Unregister _ -> unanswered(request);
        case Message.WhoHas _,Message.HasWhat _,Message.AskWorkers _ -> unanswered(request);
        case Message.Watch _,Message.Unwatch _ -> unanswered(request);
        case Message.Compute _,Message.Cancel _,Message.AskActivities _ -> unknown(request);
        case Message.Attach _,Message.Greet _,Message.Publish _,Message.Unpublish _ ->
          unknown(request);
        case Message.Adopt _,Message.AskPublished _,Message.Explain _ -> unknown(request);
        case Message.Look _ -> unknown(request);
        case Message.AskStory _,Message.AskOutput _,Message.AskStatus _,Message.AskDefinition _,Message.Retire _,Message.ReportDeath _ ->
          unknown(request);
        case Message.GetData _,Message.PutData _,Message.DeleteData _ -> unknown(request);
        case Message.AskContent _,Message.AskBlobs _,Message.Unknown _ -> unknown(request);
      };
    }

    private Response unanswered(Message.Request request) {
      throw new IllegalStateException("the store left " + request + " unanswered");
    }

    private Response unknown(Message.Request request) {
      return new Message.Refused(Reason.UNKNOWN_OPERATION,
          config.name() + " is a metadata store and does not know what to do with "
              + request.getClass().getSimpleName() + "; ask a worker or a scheduler");
    }
  }

  private Response info() {
    return new Message.NodeInfo(config.role().name().toLowerCase(java.util.Locale.ROOT),
        config.name(), address, address.host(), ProcessHandle.current().pid(),
        startedEpochMillis, facts());
  }

  private Map<String, String> facts() {
    var counts = store.counts();
    var facts = new LinkedHashMap<String, String>();
    facts.put("workers", Integer.toString(counts.workers()));
    facts.put("keys", Integer.toString(counts.keys()));
    facts.put("watches", Integer.toString(counts.watches()));
    facts.put("heddle", config.heddleVersion());
    facts.put("java", Runtime.version().toString());
    return facts;
  }
}
