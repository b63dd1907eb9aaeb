package dev.heddle.metadata;

import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ScopeStoppedException;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.Connection;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.Refused;
import dev.heddle.wire.Message.Request;
import dev.heddle.wire.Message.Response;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.UnsendableException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers others from an [EmbeddedMetadataStore]; a part of whatever node has one.
///
/// Requests are answered on the link process that brought them: the store never blocks. Each watch is
/// a process *watch*, which sends a batch and then waits until the watcher has taken it; what
/// happens meanwhile is kept in the watch's bounded buffer. A watch ends with its connection.
public final class MetadataServer implements AutoCloseable {
  /// The most keys in one [Message.WhoHas].
  static final int KEYS_ASKED_MAX = 5_000;
  /// The most watches of one connection.
  static final int WATCHES_MAX = 64;
  /// How many holders one answer names, about: it must fit a frame.
  private static final int HOLDERS_ANSWERED_MAX = 8_000;
  private static final Duration TAKEN_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration NAP = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(MetadataServer.class);

  private final EmbeddedMetadataStore store;
  private final ProcessScope scope;
  /// The map of a connection is touched by its own link process alone, until that has ended.
  private final Map<Connection, Map<Long, WatchBuffer>> watches = new ConcurrentHashMap<>();

  /// @param parent what its processes are a part of
  /// @param store stays the caller's to close
  public MetadataServer(ProcessScope parent, EmbeddedMetadataStore store) {
    this.store = store;
    this.scope = parent.nest("metadata server",
        failure -> LOG.error("a watch of the metadata store ended by a defect", failure));
  }

  /// Answers `incoming` if it is for a metadata store. To be called by the node's
  /// [dev.heddle.wire.ConnectionHandler#received]; never blocks.
  ///
  /// @return false if it is not: somebody else has to answer
  public boolean handle(Connection from, Incoming incoming) {
    if (!(incoming instanceof Incoming.Asked(var correlation, var request))) {
      return false;
    }
    var answer = answer(from, request);
    answer.ifPresent(response -> reply(from, correlation, response));
    return answer.isPresent();
  }

  /// To be called by the node's [dev.heddle.wire.ConnectionHandler#closed].
  public void closed(Connection connection) {
    var gone = watches.remove(connection);
    if (gone != null) {
      gone.values().forEach(WatchBuffer::close);
    }
  }

  private static void reply(Connection to, long correlation, Response response) {
    try {
      to.reply(correlation, response);
    } catch (UnsendableException e) {
      to.reply(correlation, new Refused(Reason.TOO_LARGE,
          "the answer does not fit a message: " + e.getMessage() + "; ask for less at once"));
    }
  }

  private Optional<Response> answer(Connection from, Request request) {
    try {
      return Optional.ofNullable(switch (request) {
        case Message.Join(var worker, var leaseMillis) -> {
          store.join(worker, Duration.ofMillis(leaseMillis));
          yield new Message.Done();
        }
        case Message.Renew(var worker) -> {
          store.renew(worker);
          yield new Message.Done();
        }
        case Message.Leave(var worker) -> {
          store.leave(worker);
          yield new Message.Done();
        }
        case Message.Register(var worker, var entries) -> {
          store.register(worker, entries);
          yield new Message.Done();
        }
        case Message.Unregister(var worker, var keys) -> {
          store.unregister(worker, keys);
          yield new Message.Done();
        }
        case Message.WhoHas(var keys) -> whoHas(keys);
        case Message.HasWhat(var worker, var after, var limit) -> store.hasWhat(worker, after,
            Math.clamp(limit, 1, MetadataStore.PAGE_MAX));
        case Message.AskWorkers() -> new Message.Workers(store.workers());
        case Message.Watch(var watch, var prefix) -> watch(from, watch, prefix);
        case Message.Unwatch(var watch) -> unwatch(from, watch);
        // For the node, or for another kind of node.
        case Message.Ping _,Message.AskInfo _,Message.AskActivities _ -> null;
        case Message.Inspection _ -> null;
        case Message.Compute _,Message.Cancel _,Message.Attach _ -> null;
        case Message.Greet _,Message.Publish _,Message.Unpublish _,Message.Adopt _ -> null;
        case Message.AskPublished _,Message.Explain _,Message.AskStory _,Message.AskOutput _ ->
          null;
        case Message.Look _ -> null;
        case Message.AskStatus _,Message.AskDefinition _,Message.Retire _,Message.ReportDeath _ ->
          null;
        case Message.GetData _,Message.PutData _,Message.DeleteData _ -> null;
        case Message.AskContent _,Message.AskBlobs _,Message.Unknown _ -> null;
      });
    } catch (NameTakenException e) {
      return Optional.of(new Refused(Reason.NAME_TAKEN, e.getMessage()));
    } catch (LeaseLostException e) {
      return Optional.of(new Refused(Reason.LEASE_LOST, e.getMessage()));
    } catch (MetadataUnavailableException e) {
      return Optional.of(new Refused(Reason.DRAINING, "this node is shutting down"));
    } catch (IllegalArgumentException e) {
      return Optional.of(new Refused(Reason.BAD_REQUEST, String.valueOf(e.getMessage())));
    }
  }

  private Response whoHas(List<dev.heddle.wire.Key> keys) throws MetadataUnavailableException {
    if (keys.size() > KEYS_ASKED_MAX) {
      return new Refused(Reason.TOO_LARGE, "asked for " + keys.size() + " keys at once; at most "
          + KEYS_ASKED_MAX + " are answered");
    }
    var holders = store.whoHas(keys);
    var most = Math.max(1, HOLDERS_ANSWERED_MAX / Math.max(1, keys.size()));
    if (most < MetadataStore.HOLDERS_MAX) {
      holders.replaceAll((_, all) -> all.subList(0, Math.min(most, all.size())));
    }
    return new Message.Holders(holders);
  }

  private Response watch(Connection to, long watch, String prefix)
      throws MetadataUnavailableException {
    var mine = watches.computeIfAbsent(to, _ -> new HashMap<>());
    if (mine.containsKey(watch)) {
      return new Message.Done();
    }
    if (mine.size() == WATCHES_MAX) {
      return new Refused(Reason.BUSY, "this connection has " + WATCHES_MAX
          + " watches already; end one of them first");
    }
    var buffer = store.watch(prefix);
    try {
      scope.start("metadata/watch " + to.peer().name(), Kind.VIRTUAL,
          () -> push(to, watch, buffer));
    } catch (ScopeStoppedException e) {
      buffer.close();
      return new Refused(Reason.DRAINING, "this node is shutting down");
    }
    mine.put(watch, buffer);
    return new Message.Done();
  }

  private Response unwatch(Connection from, long watch) {
    var mine = watches.get(from);
    if (mine != null && mine.remove(watch) instanceof WatchBuffer buffer) {
      buffer.close();
    }
    return new Message.Done();
  }

  /// The process *watch*.
  private void push(Connection to, long watch, WatchBuffer buffer) throws InterruptedException {
    try (buffer) {
      while (to.isOpen()) {
        var received = buffer.receive(NAP);
        if (received.isPresent()) {
          push(to, watch, received.get());
        }
      }
    } catch (MetadataUnavailableException e) {
      LOG.debug("the watch of {} ended: {}", to.peer().name(), e.getMessage());
    } catch (CallTimeoutException e) {
      to.close("it did not take the changes that it watches within "
          + Outage.inWords(TAKEN_TIMEOUT));
    } catch (IOException e) {
      LOG.debug("the watch of {} ended with its connection", to.peer().name(), e);
    }
  }

  private static void push(Connection to, long watch, Watch.Batch batch)
      throws IOException, InterruptedException {
    var lost = batch.lost();
    if (lost && batch.changes().isEmpty()) {
      to.notice(new Message.Changed(watch, List.of(), true));
    }
    for (var changes : Batches.ofChanges(batch.changes())) {
      to.notice(new Message.Changed(watch, changes, lost));
      lost = false;
    }
    try {
      // The answer comes after the watcher has taken what was said before.
      to.call(new Message.Ping(watch), TAKEN_TIMEOUT);
    } catch (RefusedException e) {
      LOG.trace("{} takes changes and refuses pings", to.peer().name(), e);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
