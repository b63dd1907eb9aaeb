package dev.heddle.worker;

import dev.heddle.process.Body;
import dev.heddle.process.Source;
import dev.heddle.wire.Address;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Failure;
import dev.heddle.wire.Key;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Datum;
import dev.heddle.wire.RefusedException;
import dev.heddle.worker.WorkerCommand.Fetch;
import dev.heddle.worker.WorkerEvent.FetchEnded;
import dev.heddle.worker.WorkerEvent.FetchEnded.Arrived;
import dev.heddle.worker.WorkerEvent.FetchEnded.PeerBusy;
import dev.heddle.worker.WorkerEvent.FetchEnded.PeerLost;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets values from peers, one conversation at a time; there are several of these.
///
/// - In: `fetches`, what to get from whom, from the core.
/// - Out: how each ended, to the core; exactly one for each.
/// - Ends when `fetches` is done. A lost peer never ends it: that is an event.
final class Gatherer implements Body {
  private static final Logger LOG = LoggerFactory.getLogger(Gatherer.class);

  private final Source<Fetch> fetches;
  private final ConnectionPool peers;
  private final NodeCode code;
  private final SharedMemory shared;
  private final ActivityLog log;
  private final Control control;
  private final Duration timeout;
  private final long bytesMax;

  Gatherer(Source<Fetch> fetches, ConnectionPool peers, NodeCode code,
      SharedMemory shared, ActivityLog log, Control control, Duration timeout, long bytesMax) {
    this.fetches = fetches;
    this.peers = peers;
    this.code = code;
    this.shared = shared;
    this.log = log;
    this.control = control;
    this.timeout = timeout;
    this.bytesMax = bytesMax;
  }

  @Override
  public void run() throws InterruptedException {
    while (fetches.receiveOrDone() instanceof Fetch fetch) {
      control.report(outcomeOf(fetch));
    }
  }

  private FetchEnded outcomeOf(Fetch fetch) throws InterruptedException {
    var peer = fetch.peer();
    var started = System.nanoTime();
    try {
      var connection = peers.to(peer);
      if (!connection.peer().name().equals(fetch.worker().name())) {
        return new PeerLost(peer, "another node, " + connection.peer().name() + ", answers there");
      }
      return switch (ask(connection, fetch)) {
        case Message.Data data -> arrived(peer, connection, data, started);
        case Message.Response other -> new PeerLost(peer, "it answers " + other);
      };
    } catch (RefusedException e) {
      return e.reason() == Message.Reason.BUSY
          ? new PeerBusy(peer)
          : new PeerLost(peer, "it refuses: " + e.getMessage());
    } catch (CallTimeoutException e) {
      return new PeerLost(peer, "it did not send within " + timeout.toSeconds() + " s");
    } catch (IOException e) {
      return new PeerLost(peer, String.valueOf(e.getMessage()));
    }
  }

  /// Asks for what can be in shared memory to be left there, and, if that fails, for all to be sent.
  private Message.Response ask(Connection connection, Fetch fetch)
      throws IOException, InterruptedException {
    if (shared.peer(connection, fetch.worker()).orElse(null) instanceof NearPeer near) {
      var response = connection.call(
          new Message.GetData(fetch.keys(), bytesMax, Optional.of(near.token())), timeout);
      if (!(response instanceof Message.Data data)) {
        return response;
      }
      try {
        return near.taken(data);
      } catch (IOException | RuntimeException | OutOfMemoryError | InternalError e) {
        LOG.warn("{} cannot take from {} what is in shared memory, and has it sent from now on",
            Thread.currentThread().getName(), connection.peer().name(), e);
        near.letGoAll(data);
        shared.giveUpOn(connection);
      }
    }
    return connection.call(new Message.GetData(fetch.keys(), bytesMax), timeout);
  }

  private Arrived arrived(Address peer, Connection from, Message.Data data, long started) {
    var values = new LinkedHashMap<Key, Value>();
    var missing = new HashSet<Key>();
    var unsendable = new LinkedHashMap<Key, Failure>();
    var later = new HashSet<Key>();
    data.values().forEach((key, datum) -> {
      switch (datum) {
        case Datum.Found(var payload) -> {
          payload.codeBases().forEach(codeBase -> code.heardOf(codeBase, from));
          values.put(key, StoredValue.received(payload, code));
        }
        case Datum.Missing() -> missing.add(key);
        case Datum.Unsendable(var failure) -> unsendable.put(key, failure);
        case Datum.Later() -> later.add(key);
        case Datum.Placed _ -> missing.add(key); // Not asked for: the peer is not what it should be.
      }
    });
    if (!values.isEmpty()) {
      log.fetched(values.keySet().iterator().next(), started, System.nanoTime(),
          new ActivityLog.Transfer(from.peer().name(), values.size(),
              values.values().stream().mapToLong(Value::sizeBytes).sum()));
    }
    return new Arrived(peer, values, missing, unsendable, later);
  }
}
