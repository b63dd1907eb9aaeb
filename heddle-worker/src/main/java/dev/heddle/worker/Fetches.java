package dev.heddle.worker;

import dev.heddle.process.Channel;
import dev.heddle.process.FlightEvents;
import dev.heddle.wire.Address;
import dev.heddle.wire.Answered;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is asked of peers. A request goes out on the connection to the peer as soon as the core wants
/// it; its answer comes in on that connection's link and becomes an event there, as what others say
/// does: nobody waits. Only what takes time is handed to a process: to connect, to *gather*; to copy
/// large values out of shared memory, to *take*.
///
/// The core hears once how each fetch ended: from whoever removes it from `asked`, or from the
/// process that was handed it. For any number of threads.
final class Fetches {
  private static final Logger LOG = LoggerFactory.getLogger(Fetches.class);
  /// To copy more than this would keep a link from its other messages.
  private static final long COPIED_BY_LINK_BYTES_MAX = 256 << 10;

  /// A request without an answer; equal to itself alone.
  private static final class Question {
    private final Fetch fetch;
    private final Connection connection;
    /// Set if large values are to be left in shared memory.
    private final @Nullable NearPeer near;
    private final long startedNanos = System.nanoTime();

    Question(Fetch fetch, Connection connection, @Nullable NearPeer near) {
      this.fetch = fetch;
      this.connection = connection;
      this.near = near;
    }
  }

  /// An answer whose values are still to be copied out of shared memory.
  static final class Copying {
    private final Question question;
    private final NearPeer near;
    private final Message.Data data;

    private Copying(Question question, NearPeer near, Message.Data data) {
      this.question = question;
      this.near = near;
      this.data = data;
    }
  }

  private final Channel<Fetch> connecting;
  private final Channel<Copying> copying;
  private final ConnectionPool peers;
  private final NodeCode code;
  private final SharedMemory shared;
  private final ActivityLog log;
  private final Duration timeout;
  private final long bytesMax;
  private final Set<Question> asked = ConcurrentHashMap.newKeySet();

  /// @param connecting to *gather*; both channels have room for all that the core has under way
  /// @param copying to *take*
  /// @param bytesMax about how many bytes one answer may have
  Fetches(Channel<Fetch> connecting, Channel<Copying> copying, ConnectionPool peers, NodeCode code,
      SharedMemory shared, ActivityLog log, Duration timeout, long bytesMax) {
    this.connecting = connecting;
    this.copying = copying;
    this.peers = peers;
    this.code = code;
    this.shared = shared;
    this.log = log;
    this.timeout = timeout;
    this.bytesMax = bytesMax;
  }

  /// Asks, if there is a connection, and has one made otherwise. Never waits.
  ///
  /// @param touched gets the connection if it is to be flushed
  void fetch(Fetch fetch, Set<Connection> touched) {
    var open = peers.ifOpen(fetch.peer()).orElse(null);
    if (open == null || !isAskedFor(fetch, open) || !shared.isKnown(open)) {
      Outlets.hand(connecting, fetch);
      return;
    }
    try {
      ask(open, fetch);
      touched.add(open);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} is to be connected with anew", fetch.peer(), e);
      Outlets.hand(connecting, fetch);
    }
  }

  private static boolean isAskedFor(Fetch fetch, Connection connection) {
    return connection.peer().name().equals(fetch.worker().name());
  }

  /// Connects, and asks: what *gather* does.
  ///
  /// @return how it ended, if it did already
  Optional<FetchEnded> connectAndAsk(Fetch fetch) throws InterruptedException {
    try {
      var connection = peers.to(fetch.peer());
      if (!isAskedFor(fetch, connection)) {
        return Optional.of(new PeerLost(fetch.peer(),
            "another node, " + connection.peer().name() + ", answers there"));
      }
      shared.look(connection, fetch.worker());
      ask(connection, fetch);
      connection.flush();
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(new PeerBusy(fetch.peer()));
    } catch (IOException | RuntimeException e) {
      return Optional.of(new PeerLost(fetch.peer(), String.valueOf(e.getMessage())));
    }
  }

  /// @throws IOException if it cannot be asked; then nothing else is heard of it
  private void ask(Connection connection, Fetch fetch) throws IOException {
    var near = shared.peer(connection).orElse(null);
    var question = new Question(fetch, connection, near);
    asked.add(question);
    try {
      connection.ask(new Message.GetData(fetch.keys(), bytesMax,
          near == null ? Optional.empty() : Optional.of(near.token())), question);
    } catch (IOException | RuntimeException e) {
      if (asked.remove(question)) {
        throw e;
      }
    }
  }

  /// What the answers of one read come to.
  ///
  /// @return events for the core
  List<WorkerEvent> answered(List<Answered> answers) {
    var events = new ArrayList<WorkerEvent>(answers.size());
    for (var answer : answers) {
      if (answer.question() instanceof Question question) {
        answered(question, answer.response()).ifPresent(events::add);
      }
    }
    return events;
  }

  private Optional<WorkerEvent> answered(Question question, Message.Response response) {
    if (!asked.remove(question)) {
      if (question.near instanceof NearPeer near && response instanceof Message.Data data) {
        near.letGoAll(data); // It comes too late.
      }
      return Optional.empty();
    }
    var peer = question.fetch.peer();
    return switch (response) {
      case Message.Data data when question.near instanceof NearPeer near
          && NearPeer.isPlaced(data) ->
        takeOrHand(new Copying(question, near, data));
      case Message.Data data -> Optional.of(arrived(question, data));
      case Message.Refused(var reason, _) when reason == Message.Reason.BUSY ->
        Optional.of(new PeerBusy(peer));
      case Message.Refused(var reason, var message) ->
        Optional.of(new PeerLost(peer, "it refuses (" + reason + "): " + message));
      case Message.Response other -> Optional.of(new PeerLost(peer, "it answers " + other));
    };
  }

  private Optional<WorkerEvent> takeOrHand(Copying answer) {
    if (answer.near.bytesToCopy(answer.data) > COPIED_BY_LINK_BYTES_MAX) {
      Outlets.hand(copying, answer);
      return Optional.empty();
    }
    return take(answer).map(ended -> ended);
  }

  /// Takes values out of shared memory: what *take* does. If that fails, the peer is asked to send
  /// them.
  ///
  /// @return how it ended, if it did
  Optional<FetchEnded> take(Copying answer) {
    var from = answer.question.connection;
    try {
      return Optional.of(arrived(answer.question, answer.near.taken(answer.data)));
    } catch (IOException | RuntimeException | OutOfMemoryError | InternalError e) {
      LOG.warn("{} cannot take from {} what is in shared memory, and has it sent from now on",
          Thread.currentThread().getName(), from.peer().name(), e);
      answer.near.letGoAll(answer.data);
      shared.giveUpOn(from);
      Outlets.hand(connecting, answer.question.fetch);
      return Optional.empty();
    }
  }

  /// Nothing more comes over a connection.
  ///
  /// @return events for the core
  List<WorkerEvent> lost(Connection connection, String reason) {
    return end(question -> question.connection.equals(connection), reason);
  }

  /// Gives up on peers that have not answered in time.
  ///
  /// @return events for the core
  List<WorkerEvent> expired(long nowNanos) {
    return asked.isEmpty()
        ? List.of()
        : end(question -> nowNanos - question.startedNanos > timeout.toNanos(),
            "it did not send within " + timeout.toSeconds() + " s");
  }

  private List<WorkerEvent> end(Predicate<Question> which, String reason) {
    var events = new ArrayList<WorkerEvent>();
    for (var question : List.copyOf(asked)) {
      if (which.test(question) && asked.remove(question)) {
        events.add(new PeerLost(question.fetch.peer(), reason));
      }
    }
    return events;
  }

  private Arrived arrived(Question question, Message.Data data) {
    var from = question.connection;
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
      var first = values.keySet().iterator().next();
      var ended = System.nanoTime();
      var transfer = new ActivityLog.Transfer(from.peer().name(), values.size(),
          values.values().stream().mapToLong(Value::sizeBytes).sum());
      log.fetched(first, question.startedNanos, ended, transfer);
      if (FlightEvents.arePrepared() && TransferEvent.isOn()) {
        TransferEvent.tell(first.text(), transfer, ended - question.startedNanos);
      }
    }
    Address peer = question.fetch.peer();
    return new Arrived(peer, values, missing, unsendable, later);
  }
}
