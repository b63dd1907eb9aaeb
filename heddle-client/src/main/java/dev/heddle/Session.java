package dev.heddle;

import dev.heddle.process.Channel;
import dev.heddle.process.ChannelDoneException;
import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.process.ProcessesStillRunningException;
import dev.heddle.process.Received;
import dev.heddle.wire.Address;
import dev.heddle.wire.CallTimeoutException;
import dev.heddle.wire.ClientId;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.ConnectionPool;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Hello;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Result;
import dev.heddle.wire.RefusedException;
import dev.heddle.wire.Secret;
import dev.heddle.wire.WorkerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's connections: one to the scheduler, made again when it is lost, and those to workers.
///
/// - *keeper*: waits for the loss of the connection, dials until the patience is over, tells the
///   scheduler again what it has to know.
/// - *classes*: answers those who lack a class.
/// - *flusher*: writes what is submitted in quick succession.
/// - *reaper*: tells the scheduler of futures that the program can no longer reach.
// Of connections there are no equal ones.
@SuppressWarnings("ReferenceEquality")
final class Session implements ConnectionHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration BACKOFF_LEAST = Duration.ofMillis(50);
  private static final Duration BACKOFF_MOST = Duration.ofSeconds(2);
  private static final int QUESTIONS_MAX = 1_000;
  private static final int TOLD_AT_ONCE = 2_000;
  private static final int REAPED_AT_ONCE = 50_000;

  private final ClientCore core;
  private final Address address;
  private final Duration patience;
  private final ProcessScope scope;
  private final Endpoint endpoint;
  private final ConnectionPool workers;
  private final Channel<String> losses;
  private final Channel<Boolean> closing;
  private final Channel<Question> questions;
  private final Flusher flusher = new Flusher();
  /// The connection to the scheduler, from its first word on.
  private volatile @Nullable Connection scheduler;
  private volatile @Nullable String namespace;

  private final ReentrantLock lock = new ReentrantLock();
  private final Secret secret;
  private final boolean recordsFailures;
  private final Condition workersChanged = lock.newCondition();
  /// Guarded by the lock.
  private List<WorkerInfo> workersNow = List.of();

  /// A class that somebody lacks.
  private record Question(Connection from, long correlation, Message.Request request) {}

  Session(ClientCore core, String name, Address address, Secret secret, Duration patience,
      boolean recordsFailures) {
    this.core = core;
    this.address = address;
    this.patience = patience;
    this.secret = secret;
    this.recordsFailures = recordsFailures;
    scope = ProcessScope.supervising(name,
        failure -> LOG.error("{}: a process failed", name, failure));
    losses = Channel.bounded("losses " + name, 1);
    closing = Channel.bounded("closing " + name, 1);
    questions = Channel.bounded("questions " + name, QUESTIONS_MAX);
    endpoint = new Endpoint(EndpointConfig.of(Hello.Role.CLIENT, name, secret), this);
    workers = new ConnectionPool(endpoint);
  }

  /// Connects for the first time.
  void open(ClientId id, String name) throws IOException, InterruptedException {
    greet(id, name, false);
    scope.start(name + "/keeper", Kind.VIRTUAL, () -> keep(id, name));
    scope.start(name + "/classes", Kind.VIRTUAL, this::answer);
    scope.start(name + "/reaper", Kind.VIRTUAL, this::reap);
    scope.start(name + "/flusher", Kind.VIRTUAL, flusher::run);
  }

  Flusher flusher() {
    return flusher;
  }

  ConnectionPool workers() {
    return workers;
  }

  /// The scheduler's part of keys.
  String namespace() {
    var known = namespace;
    if (known == null) {
      throw new IllegalStateException("no scheduler was reached yet");
    }
    return known;
  }

  // --- the keeper

  private void greet(ClientId id, String name, boolean returning)
      throws IOException, InterruptedException {
    var to = endpoint.connect(address);
    var isIn = false;
    try {
      scheduler = to;
      var answer = to.call(new Message.Greet(id, name, returning,
          workersNow().stream().map(WorkerInfo::id).toList(), recordsFailures), TIMEOUT);
      if (!(answer instanceof Message.Welcome(var theirs, _))) {
        throw new IOException("what listens at " + address + " is no scheduler: it answered with "
            + answer.getClass().getSimpleName());
      }
      var before = namespace;
      if (before != null && !before.equals(theirs)) {
        throw new IOException("another scheduler answers at " + address + ": its keys are '"
            + theirs + "', those of this client's tasks are '" + before + "'");
      }
      namespace = theirs;
      core.ledger().begin();
      while (!core.ledger().connected(to)) {
        tellAgain(to);
      }
      isIn = true;
    } catch (RefusedException e) {
      throw new IOException("the scheduler at " + address + " does not take this client: "
          + e.getMessage(), e);
    } finally {
      if (!isIn) {
        to.close("this client was not let in");
      }
    }
  }

  private void tellAgain(Connection to) throws IOException, InterruptedException {
    if (!to.isOpen()) {
      throw new ConnectionLostException("the connection to " + address + " was lost again");
    }
    var untold = core.ledger().untold();
    for (var from = 0; from < untold.size() && to.isOpen(); from += TOLD_AT_ONCE) {
      var some = untold.subList(from, Math.min(untold.size(), from + TOLD_AT_ONCE));
      var adopted = core.ledger().tellAgain(to, some);
      to.flush();
      to.awaitRoom(Ledger.WAITING_BYTES_MAX);
      adopted.forEach(adoption -> core.callbacks().execute(() -> core.lookAfter(adoption)));
    }
  }

  private void keep(ClientId id, String name) throws InterruptedException {
    while (losses.receiveOrDone() instanceof String reason) {
      if (!core.ledger().isConnected() && !comeBack(id, name, reason)) {
        return;
      }
    }
  }

  /// @return false if there is no use in trying again
  private boolean comeBack(ClientId id, String name, String reason) throws InterruptedException {
    LOG.warn("{}: lost the scheduler at {}: {}; trying again for {}", name, address, reason,
        Texts.of(patience));
    var started = System.nanoTime();
    var pause = BACKOFF_LEAST;
    var trouble = reason;
    while (true) {
      try {
        greet(id, name, true);
        LOG.info("{}: the scheduler at {} is back after {}", name, address,
            Texts.of(Duration.ofNanos(System.nanoTime() - started)));
        return true;
      } catch (IOException e) {
        trouble = String.valueOf(e.getMessage());
      } catch (RuntimeException e) {
        if (core.ledger().isEnded()) {
          LOG.debug("{}: no need to come back any more", name, e);
          return false;
        }
        LOG.warn("{}: could not tell the scheduler at {} what it has to know", name, address, e);
        trouble = e.toString();
      }
      var left = patience.minusNanos(System.nanoTime() - started);
      if (!left.isPositive()) {
        giveUp(reason, trouble);
        return false;
      }
      if (closing.receiveOrDone(
          pause.compareTo(left) < 0 ? pause : left) instanceof Received.Done) {
        return false;
      }
      pause = pause.multipliedBy(2).compareTo(BACKOFF_MOST) < 0
          ? pause.multipliedBy(2)
          : BACKOFF_MOST;
    }
  }

  private void giveUp(String reason, String trouble) {
    var message = ErrorCode.CLUSTER_AWAY.of(ErrorCode.without("the scheduler at " + address
        + " was lost (" + reason + ") and did not come back within " + Texts.of(patience) + " ("
        + trouble + "); start it again at that address, and this program, or give clients more"
        + " patience (ClientOptions.patience)"));
    LOG.error("{}", message);
    core.ledger().end(new ClusterUnavailableException(message));
  }

  // --- what comes in

  @Override
  public void received(Connection from, List<Incoming> batch) {
    var results = new ArrayList<Result>();
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Asked(var correlation, var request) -> asked(from, correlation, request);
        case Incoming.Noticed(Message.Results(var some)) when from == scheduler ->
          results.addAll(some);
        case Incoming.Noticed(Message.WorkersNow(var now)) when from == scheduler -> set(now);
        case Incoming.Noticed(var notice) ->
          LOG.debug("{} said {}, which is nothing to a client", from.peer().name(), notice);
      }
    }
    if (!results.isEmpty()) {
      core.ledger().results(results);
    }
  }

  /// What is missing of a value is fetched from where it is stored; of an exception its description is
  /// here.
  @Override
  public void untaken(Connection from, Message.Notice notice, String reason) {
    LOG.warn("{} said something for which there is {} here; values are fetched anew, and exceptions"
        + " described", from.peer().name(), reason);
    if (notice instanceof Message.Results(var results) && from == scheduler) {
      core.ledger().results(results.stream().map(Session::withoutBuffers).toList());
    }
  }

  private static Result withoutBuffers(Result result) {
    return switch (result) {
      case Result.Ready(var task, var type, var size, var holders, var value) ->
        new Result.Ready(task, type, size, holders,
            value.filter(payload -> payload.buffers().isEmpty()));
      case Result.Failed(var task, var origin, var attempt, var failure) ->
        new Result.Failed(task, origin, attempt, failure.withoutOriginals());
      case Result.Cancelled cancelled -> cancelled;
      case Result.Lost lost -> lost;
    };
  }

  private void asked(Connection from, long correlation, Message.Request request) {
    switch (request) {
      case Message.AskContent _,Message.AskBlobs _ -> {
        if (!questions.offer(new Question(from, correlation, request))) {
          from.reply(correlation, new Message.Refused(Message.Reason.BUSY,
              "too many questions about classes at once; ask again in a moment"));
        }
      }
      case Message.Ping(var token) -> from.reply(correlation, new Message.Pong(token));
      case Message.Request other -> from.reply(correlation,
          new Message.Refused(Message.Reason.UNKNOWN_OPERATION,
              "a client does not answer " + other.getClass().getSimpleName()));
    }
  }

  @Override
  public void closed(Connection connection, String reason) {
    core.code().gone(connection);
    if (connection == scheduler) {
      core.ledger().away(connection);
      try {
        losses.offer(reason);
      } catch (ChannelDoneException e) {
        LOG.trace("the client was closed, so its connection is too", e);
      }
    }
  }

  private void answer() throws InterruptedException {
    while (questions.receiveOrDone() instanceof Question question) {
      var answer = switch (question.request()) {
        case Message.AskContent(var codeBase, var names) -> core.code().content(codeBase, names);
        case Message.AskBlobs(var hashes) -> core.code().blobs(hashes);
        case Message.Request other -> throw new IllegalStateException("nobody queued " + other);
      };
      try {
        question.from().reply(question.correlation(), answer);
      } catch (dev.heddle.wire.UnsendableException e) {
        LOG.warn("{} asked for more than fits one answer: {}", question.from().peer().name(),
            e.getMessage());
      }
      question.from().flush();
    }
  }

  private void reap() throws InterruptedException {
    var dropped = new ArrayList<Entry>();
    while (true) {
      var collected = core.ledger().collected();
      dropped.add((Entry) collected.remove());
      while (dropped.size() < REAPED_AT_ONCE && collected.poll() instanceof Entry entry) {
        dropped.add(entry);
      }
      core.ledger().drop(dropped);
      dropped.clear();
    }
  }

  Secret secret() {
    return secret;
  }

  // --- asking

  /// Asks the scheduler, waiting for the connection if it is away.
  ///
  /// @throws ClusterUnavailableException if it does not answer in time
  /// @throws IllegalArgumentException if it says that this makes no sense
  Message.Response ask(Message.Request request, Duration within) throws InterruptedException {
    var deadline = System.nanoTime() + within.toNanos();
    try {
      while (true) {
        var to = core.ledger().awaitConnection(deadline);
        if (to == null) {
          throw new CallTimeoutException("it is away since before");
        }
        try {
          return to.call(request, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (ConnectionLostException e) {
          LOG.debug("asking again on the next connection", e);
          core.ledger().away(to);
        }
      }
    } catch (RefusedException e) {
      if (e.reason() == Message.Reason.BAD_REQUEST) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      throw new ClusterUnavailableException("the scheduler at " + address + " refused: "
          + e.getMessage(), e);
    } catch (CallTimeoutException e) {
      throw new ClusterUnavailableException("the scheduler at " + address
          + " did not answer within " + Texts.of(within) + "; is it overloaded, or away?", e);
    } catch (IOException e) {
      throw new ClusterUnavailableException("the scheduler at " + address + " cannot be asked: "
          + e.getMessage(), e);
    }
  }

  // --- workers

  private void set(Collection<WorkerInfo> now) {
    lock.lock();
    try {
      workersNow = List.copyOf(now);
      workersChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<WorkerInfo> workersNow() {
    lock.lock();
    try {
      return workersNow;
    } finally {
      lock.unlock();
    }
  }

  /// The workers that there are, as soon as there is one.
  ///
  /// @throws ClusterUnavailableException if there is none in time
  List<WorkerInfo> awaitWorkers(Duration within) throws InterruptedException {
    var deadline = System.nanoTime() + within.toNanos();
    lock.lockInterruptibly();
    try {
      while (workersNow.isEmpty()) {
        var left = deadline - System.nanoTime();
        core.ledger().checkOpen();
        if (left <= 0) {
          throw new ClusterUnavailableException(ErrorCode.NO_WORKER_FITS.of("the cluster of "
              + address + " has no worker, for " + Texts.of(within) + "; start one: heddle worker "
              + address));
        }
        workersChanged.awaitNanos(left);
      }
      return workersNow;
    } finally {
      lock.unlock();
    }
  }

  Optional<WorkerInfo> worker(String name) {
    return workersNow().stream().filter(worker -> worker.id().name().equals(name)).findFirst();
  }

  @Override
  public void close() {
    closing.done();
    losses.done();
    questions.done();
    workers.close();
    endpoint.close();
    scope.stop();
    try {
      scope.close();
    } catch (ProcessesStillRunningException e) {
      LOG.warn("a process of the client to {} does not end: {}", address, e.getMessage());
    }
  }
}
