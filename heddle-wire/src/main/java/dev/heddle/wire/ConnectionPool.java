package dev.heddle.wire;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connections of a node to its peers: one an address, shared by all who ask. For any number of
/// threads.
///
/// Take a connection for each use rather than keep it: one that nobody uses is closed after a
/// while, or to make room, and one that broke is replaced.
public final class ConnectionPool implements AutoCloseable {
  private static final String CLOSING = "the pool of connections is closing";

  private final Endpoint endpoint;
  private final PoolConfig config;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition dialed = lock.newCondition();
  /// From the one used longest ago.
  private final Map<Address, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
  private final Keeper keeper = new Keeper();
  private boolean closed;

  /// What is known of an address.
  private sealed interface Slot {
    /// Somebody dials; the others wait for that.
    record Dialing() implements Slot {}

    record Open(Link link) implements Slot {}

    record Failed(IOException failure, long atNanos) implements Slot {}
  }

  /// With every limit at its default.
  public ConnectionPool(Endpoint endpoint) {
    this(endpoint, PoolConfig.DEFAULT);
  }

  public ConnectionPool(Endpoint endpoint, PoolConfig config) {
    this.endpoint = endpoint;
    this.config = config;
  }

  /// The connection to `address`, made if there is none. Of many who ask at once, one dials.
  ///
  /// @throws HandshakeException if the two do not come to terms
  /// @throws IOException if there is nobody, or was nobody a moment ago, or all connections are in
  ///     use; the message says why and what to do
  /// @throws IllegalStateException if the pool was closed
  public Connection to(Address address) throws IOException, InterruptedException {
    var open = openOrMine(address);
    return open.isPresent() ? open.get() : dial(address);
  }

  /// The connection to `address`, if there is one; never waits for one that is being made.
  public Optional<Connection> ifOpen(Address address) {
    lock.lock();
    try {
      if (!closed && slots.get(address) instanceof Slot.Open(var link) && link.isOpen()) {
        link.touch();
        return Optional.of(link);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// @return nothing if the caller is the one to dial
  private Optional<Connection> openOrMine(Address address)
      throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        checkOpen();
        switch (slots.get(address)) {
          case Slot.Open(var link) when link.isOpen() -> {
            link.touch();
            return Optional.of(link);
          }
          case Slot.Dialing() -> dialed.await();
          case Slot.Failed(var failure, var at) when isRecent(at) -> throw again(failure);
          case Slot.Open _,Slot.Failed _ -> slots.remove(address);
          case null -> {
            makeRoom();
            slots.put(address, new Slot.Dialing());
            return Optional.empty();
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Connection dial(Address address) throws IOException, InterruptedException {
    Slot outcome = null;
    try {
      var link = endpoint.dial(address);
      outcome = new Slot.Open(link);
      return link;
    } catch (IOException e) {
      outcome = new Slot.Failed(e, System.nanoTime());
      throw e;
    } finally {
      settle(address, outcome);
    }
  }

  /// @param outcome null where there is none, so that the next who asks dials
  private void settle(Address address, @Nullable Slot outcome) {
    lock.lock();
    try {
      if (outcome == null || closed) {
        slots.remove(address);
      } else {
        slots.put(address, outcome);
        if (outcome instanceof Slot.Open(var link)) {
          link.keptBy(keeper);
        }
      }
      if (closed && outcome instanceof Slot.Open(var link)) {
        link.close(CLOSING);
      }
      dialed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isRecent(long atNanos) {
    return System.nanoTime() - atNanos < config.backoff().toNanos();
  }

  private IOException again(IOException failure) {
    var message = failure.getMessage() + " (tried less than "
        + Timeouts.text(config.backoff()) + " ago)";
    var again = failure instanceof HandshakeException handshake
        ? new HandshakeException(handshake.reason(), message)
        : new IOException(message);
    again.initCause(failure);
    return again;
  }

  private void makeRoom() throws IOException {
    if (slots.size() < config.connectionsMax()) {
      return;
    }
    slots.values().removeIf(slot -> switch (slot) {
      case Slot.Open(var link) -> !link.isOpen();
      case Slot.Failed(_, var at) -> !isRecent(at);
      case Slot.Dialing() -> false;
    });
    if (slots.size() < config.connectionsMax()) {
      return;
    }
    var now = System.nanoTime();
    for (var entry : slots.entrySet()) {
      if (entry.getValue() instanceof Slot.Open(var link) && link.idleNanos(now) > 0) {
        slots.remove(entry.getKey());
        link.close("others are needed more");
        return;
      }
    }
    throw new IOException(ErrorCode.BUSY.of("all " + config.connectionsMax()
        + " connections to peers are in use; wait for calls to end, or allow more"));
  }

  /// What the link processes call.
  private final class Keeper implements Link.Keeper {
    @Override
    public long idleNanosMax() {
      return config.idle().toNanos();
    }

    @Override
    public boolean mayRetire(Link link) {
      lock.lock();
      try {
        // Somebody may have been given it just now.
        return link.idleNanos(System.nanoTime()) >= idleNanosMax() && remove(link);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void ended(Link link) {
      lock.lock();
      try {
        remove(link);
      } finally {
        lock.unlock();
      }
    }

    private boolean remove(Link link) {
      return slots.values()
          .removeIf(slot -> slot instanceof Slot.Open(var open) && open.equals(link));
    }
  }

  /// How many connections there are.
  public int size() {
    lock.lock();
    try {
      return (int) slots.values().stream()
          .filter(slot -> slot instanceof Slot.Open(var link) && link.isOpen()).count();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the pool of connections was closed");
    }
  }

  /// Closes all connections; those who wait for one get an exception.
  @Override
  public void close() {
    List<Slot> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(slots.values());
      slots.clear();
      dialed.signalAll();
    } finally {
      lock.unlock();
    }
    for (var slot : all) {
      if (slot instanceof Slot.Open(var link)) {
        link.close(CLOSING);
      }
    }
  }
}
