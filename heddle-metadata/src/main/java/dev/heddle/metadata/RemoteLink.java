package dev.heddle.metadata;

import dev.heddle.process.Kind;
import dev.heddle.process.ProcessScope;
import dev.heddle.wire.Address;
import dev.heddle.wire.Connection;
import dev.heddle.wire.ConnectionHandler;
import dev.heddle.wire.ConnectionLostException;
import dev.heddle.wire.Endpoint;
import dev.heddle.wire.EndpointConfig;
import dev.heddle.wire.ErrorCode;
import dev.heddle.wire.Incoming;
import dev.heddle.wire.Message;
import dev.heddle.wire.Message.Reason;
import dev.heddle.wire.Message.Request;
import dev.heddle.wire.Message.Response;
import dev.heddle.wire.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection to a remote store, made anew when it is gone, and the watches that it feeds.
///
/// Whoever needs the connection makes it; the process *rewatch* does so when nobody asks anything
/// and there are watches. Each new connection is told the watches first, and then they are told
/// that changes were lost.
final class RemoteLink implements ConnectionHandler, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteLink.class);
  /// How many requests are on their way before their answers are awaited.
  private static final int REQUESTS_MAX = 32;
  private static final long BACKOFF_MIN_MILLIS = 50;
  private static final long BACKOFF_MAX_MILLIS = 2_000;

  private final Address address;
  private final Duration timeout;
  private final Outage outage;
  private final Endpoint endpoint;
  private final ProcessScope scope;
  private final AtomicLong lastWatch = new AtomicLong();
  private final Map<Long, WatchBuffer> watches = new ConcurrentHashMap<>();
  private final Map<Long, String> prefixes = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private @Nullable Connection connection;
  private boolean dialing;
  /// How the last attempt to connect failed.
  private @Nullable IOException failure;
  private boolean rewatching;

  RemoteLink(EndpointConfig self, Address address, Duration timeout) {
    this.address = address;
    this.timeout = timeout;
    this.outage = new Outage(address.toString());
    this.scope = ProcessScope.open("metadata at " + address);
    this.endpoint = new Endpoint(
        self.withTimeouts(self.timeouts().withConnect(timeout).withHandshake(timeout)), this);
  }

  /// Asks all of these, in order.
  ///
  /// @return the answers, in the same order
  List<Response> ask(List<? extends Request> requests)
      throws MetadataException, InterruptedException {
    var answers = new ArrayList<Response>(requests.size());
    for (var start = 0; start < requests.size(); start += REQUESTS_MAX) {
      answers.addAll(
          askSome(requests.subList(start, Math.min(start + REQUESTS_MAX, requests.size()))));
    }
    return answers;
  }

  /// A connection that seemed open may be gone. All that is asked of a store may be asked again, so
  /// that is done once, on a new connection.
  private List<Response> askSome(List<? extends Request> requests)
      throws MetadataException, InterruptedException {
    try {
      try {
        return answersTo(connection(), requests);
      } catch (ConnectionLostException e) {
        LOG.debug("lost the connection to {}, asking again", address, e);
        return answersTo(connection(), requests);
      }
    } catch (RefusedException e) {
      throw refused(e);
    } catch (MetadataException e) {
      throw e;
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private List<Response> answersTo(Connection connection, List<? extends Request> requests)
      throws IOException, InterruptedException {
    var answers = new ArrayList<Response>(requests.size());
    for (var call : connection.startAll(requests)) {
      answers.add(call.await(timeout));
    }
    outage.ended();
    return answers;
  }

  private MetadataException refused(RefusedException e) {
    outage.ended();
    var message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case NAME_TAKEN -> new NameTakenException(message);
      case LEASE_LOST -> new LeaseLostException(message);
      case UNKNOWN_OPERATION -> new MetadataUnavailableException(ErrorCode.WRONG_ROLE
          .of("the node at " + address + " is no metadata store ("
              + ErrorCode.without(message) + "); check the address"),
          e);
      case BAD_REQUEST, BUSY, DRAINING, UNAVAILABLE, TOO_LARGE, INTERNAL ->
        new MetadataUnavailableException("the metadata store " + address + " refused: " + message
            + " (" + e.reason() + ")", e);
    };
  }

  private MetadataUnavailableException unavailable(IOException e) {
    return closed ? closedException() : outage.failed(String.valueOf(e.getMessage()), e);
  }

  private MetadataUnavailableException closedException() {
    return new MetadataUnavailableException(closedReason(), null);
  }

  private String closedReason() {
    return "this link to the metadata store " + address + " was closed";
  }

  // --- the connection

  /// The connection, made if there is none. Of those who need one, the first makes it and the others
  /// wait for how that ends.
  private Connection connection() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (dialing) {
        awaitDialed();
      }
      if (closed) {
        throw closedException();
      }
      if (connection != null && connection.isOpen()) {
        return connection;
      }
      dialing = true;
    } finally {
      lock.unlock();
    }
    return dialed();
  }

  private void awaitDialed() throws IOException, InterruptedException {
    // Connecting and the handshake take up to the timeout each, and so do the watches.
    var nanos = timeout.multipliedBy(3).toNanos();
    while (dialing && !closed) {
      if (nanos <= 0) {
        throw new IOException("somebody else is still trying to connect");
      }
      nanos = changed.awaitNanos(nanos);
    }
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private Connection dialed() throws IOException, InterruptedException {
    Connection fresh = null;
    IOException failed = null;
    try {
      fresh = connected();
      return fresh;
    } catch (IOException e) {
      failed = e;
      throw e;
    } finally {
      lock.lock();
      try {
        dialing = false;
        failure = failed;
        connection = fresh;
        changed.signalAll();
        if (closed && fresh != null) {
          fresh.close(closedReason());
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private Connection connected() throws IOException, InterruptedException {
    Connection fresh;
    try {
      fresh = endpoint.connect(address);
    } catch (IllegalStateException e) {
      throw new MetadataUnavailableException(closedReason(), e);
    }
    try {
      for (var watch : List.copyOf(watches.entrySet())) {
        begin(fresh, watch.getKey());
        // Only now: whoever looks again sees what changed before, and is told of the rest.
        watch.getValue().lose();
      }
      return fresh;
    } catch (IOException | InterruptedException | RuntimeException e) {
      fresh.close("the watches could not be begun again");
      throw e;
    }
  }

  @Override
  public void received(Connection from, List<Incoming> batch) {
    for (var incoming : batch) {
      switch (incoming) {
        case Incoming.Noticed(Message.Changed(var watch, var changes, var lost)) ->
          changed(watch, changes, lost);
        case Incoming.Noticed _ -> {
          // Of no concern to a store's caller.
        }
        case Incoming.Asked(var correlation, Message.Ping(var token)) ->
          from.reply(correlation, new Message.Pong(token));
        case Incoming.Asked(var correlation, _) -> from.reply(correlation,
            new Message.Refused(Reason.UNKNOWN_OPERATION,
                "nothing is served on this connection but pings"));
      }
    }
  }

  private void changed(long watch, List<Message.Change> changes, boolean lost) {
    var buffer = watches.get(watch);
    if (buffer != null) {
      if (lost) {
        buffer.lose();
      }
      buffer.offer(changes);
    }
  }

  @Override
  public void closed(Connection gone, String reason) {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // --- watches

  WatchBuffer watch(String prefix) throws MetadataException, InterruptedException {
    var number = lastWatch.incrementAndGet();
    var buffer = new WatchBuffer(prefix, _ -> unwatch(number));
    prefixes.put(number, prefix);
    try {
      try {
        begin(number, buffer);
      } catch (ConnectionLostException e) {
        LOG.debug("lost the connection to {}, watching on another", address, e);
        begin(number, buffer);
      }
      startRewatching();
      return buffer;
    } catch (IOException e) {
      watches.remove(number);
      prefixes.remove(number);
      throw switch (e) {
        case MetadataException already -> already;
        case RefusedException refused -> refused(refused);
        default -> unavailable(e);
      };
    }
  }

  private void begin(long number, WatchBuffer buffer) throws IOException, InterruptedException {
    var current = connection();
    // Before it begins, so that nothing is missed; after connecting, so that nothing seems lost.
    watches.put(number, buffer);
    begin(current, number);
  }

  private void begin(Connection on, long number) throws IOException, InterruptedException {
    var prefix = prefixes.get(number);
    if (prefix != null) {
      on.call(new Message.Watch(number, prefix), timeout);
    }
  }

  private void unwatch(long number) {
    watches.remove(number);
    prefixes.remove(number);
    lock.lock();
    try {
      if (connection != null && connection.isOpen()) {
        connection.start(new Message.Unwatch(number));
      }
    } catch (ConnectionLostException e) {
      LOG.debug("the watch ended with its connection", e);
    } finally {
      lock.unlock();
    }
  }

  private void startRewatching() {
    lock.lock();
    try {
      if (!rewatching && !closed) {
        rewatching = true;
        scope.start("metadata/rewatch", Kind.VIRTUAL, this::rewatch);
      }
    } finally {
      lock.unlock();
    }
  }

  private void rewatch() throws InterruptedException {
    var backoffMillis = BACKOFF_MIN_MILLIS;
    while (awaitNeeded()) {
      try {
        connection();
        backoffMillis = BACKOFF_MIN_MILLIS;
      } catch (IOException e) {
        LOG.debug("the watches of {} wait for it", address, e);
        if (awaitClosed(backoffMillis)) {
          return;
        }
        backoffMillis = Math.min(BACKOFF_MAX_MILLIS, backoffMillis * 2);
      }
    }
  }

  /// Waits until there are watches and no connection.
  ///
  /// @return false if this is closed
  private boolean awaitNeeded() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed
          && (watches.isEmpty() || (connection != null && connection.isOpen()))) {
        changed.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitClosed(long millis) throws InterruptedException {
    var nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lockInterruptibly();
    try {
      while (!closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    watches.values().forEach(watch -> watch.close(closedReason()));
    endpoint.close();
    scope.close();
  }

  @Override
  public String toString() {
    return address.toString();
  }
}
